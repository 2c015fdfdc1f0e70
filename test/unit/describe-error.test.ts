import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observe/logger.ts';

const written = (err: unknown): Record<string, unknown> => {
  const lines: string[] = [];
  createLogger({ level: 'trace', destination: { write: (line) => lines.push(line) } }).error({ err }, 'test');
  return (JSON.parse(lines[0] ?? '') as { err: Record<string, unknown> }).err;
};

describe('an error in the log', () => {
  it('shows type, message, origin and known properties', () => {
    const error = Object.assign(new TypeError('no'), { code: 'ECONNREFUSED', syscall: 'connect', port: 6379 });
    expect(written(error)).toEqual({
      type: 'TypeError',
      message: 'no',
      code: 'ECONNREFUSED',
      syscall: 'connect',
      port: 6379,
      stack: expect.stringMatching(/^ {4}at .*describe-error\.test\.ts/),
    });
  });

  it('never shows the command that Redis refused', () => {
    const refused = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      name: 'ReplyError',
      command: { name: 'auth', args: ['user', 'hush'] },
      previousErrors: [{ command: { args: ['hush'] } }],
    });
    expect(written(refused)).toMatchObject({ type: 'ReplyError', message: 'WRONGPASS invalid username-password pair' });
    expect(JSON.stringify(written(refused))).not.toContain('hush');
  });

  it('describes causes and aggregated errors the same way', () => {
    const inner = Object.assign(new Error('inner'), { command: { args: ['hush'] } });
    const error = new AggregateError([inner, 'hush'], 'neither', { cause: inner });
    expect(written(error)).toMatchObject({
      message: 'neither',
      cause: { message: 'inner' },
      errors: [{ message: 'inner' }, { type: 'string', message: 'a non-Error value was thrown' }],
    });
    expect(JSON.stringify(written(error))).not.toContain('hush');
  });

  it.each([
    ['an unknown command', "ERR unknown command 'evalsha', with args beginning with: 'hush' 'hush' ", 'Error'],
    ['a text of several lines', "ERR unknown command 'x', with args beginning with: 'a\nhush' ", 'Error'],
    ['a text that is not JSON', 'Unexpected token \'h\', "hush" is not valid JSON', 'SyntaxError'],
  ])('removes what the message repeats of %s', (_name, message, name) => {
    expect(JSON.stringify(written(Object.assign(new Error(message), { name })))).not.toContain('hush');
  });

  it('stops at a cycle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(written(error)).match(/round/g)).toHaveLength(5);
  });
});
