import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { end, track } from '../../support/children.ts';
import type { OpenClient } from './client.ts';

type Answer = { readonly answer: readonly string[] | null; readonly error?: string };

/** Opens a client in another process, which takes commands as lines of JSON. */
export const openPythonClient =
  (python: string): OpenClient =>
  async ({ url, prefix, queue }) => {
    const args = ['test/consumer/versions/driver.py', url, prefix, queue];
    const child = track(spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      perform: async (command) => {
        child.stdin.write(`${JSON.stringify(command)}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error('the client in Python has ended');
        const { answer, error } = JSON.parse(value) as Answer;
        if (error !== undefined) throw new Error(`${command.do}: ${error}`);
        return answer;
      },
      [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
    };
  };
