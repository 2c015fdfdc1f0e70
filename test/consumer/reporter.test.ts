import { expect, it } from 'vitest';
import { createReporter } from '../../src/consumer/reporter.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
const ADDRESS = '127.0.0.1:1';

const createTestReporter = () => {
  const clock = { now: 0 };
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const reporter = createReporter({ address: ADDRESS, write, now: () => clock.now });
  return { reporter, lines, clock };
};

it('collapses repeats of a connection error, and counts them', () => {
  const { reporter, lines, clock } = createTestReporter();
  for (const _ of Array.from({ length: 171 })) reporter.error(refused);
  expect(lines).toHaveLength(1);
  clock.now = 60_001;
  reporter.error(refused);
  expect(lines[1]).toContain('(170 more since the last report)');
});

it('reports another cause at once', () => {
  const { reporter, lines } = createTestReporter();
  reporter.error(refused);
  reporter.error(new Error('WRONGPASS invalid username-password pair or user is disabled.'));
  expect(lines[1]).toContain('refused the user name or password');
});

it('reports that the connection is back, but not the first connection', () => {
  const { reporter, lines } = createTestReporter();
  reporter.connected();
  expect(lines).toEqual([]);
  reporter.error(refused);
  reporter.connected();
  expect(lines[1]).toBe(`paycools consumer: connected to Redis at ${ADDRESS}`);
});
