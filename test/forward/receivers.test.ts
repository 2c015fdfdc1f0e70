import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { Secret } from '../../src/core/secret.ts';
import { postEvent, type Target } from '../../src/forward/post-event.ts';
import { readWebhookSecret } from '../../src/forward/sign-webhook.ts';
import { exampleEvent } from '../../src/index.ts';
import { run } from '../support/process.ts';
import { until } from '../support/until.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const START_MS = 90_000; // Go and Java compile first
const FOLDER = 'docs/examples/forward';

const receivers = [
  { language: 'Python', command: 'python3', check: '--version', args: () => [`${FOLDER}/receiver.py`] },
  { language: 'Go', command: 'go', check: 'version', args: () => ['run', `${FOLDER}/receiver.go`] },
  { language: 'Java', command: 'java', check: '-version', args: () => [`${FOLDER}/Receiver.java`] },
  {
    language: 'PHP',
    command: 'php',
    check: '--version',
    args: (port: number) => ['-S', `127.0.0.1:${port}`, `${FOLDER}/receiver.php`],
  },
] as const;

const isInstalled = (command: string, check: string): boolean => spawnSync(command, [check]).status === 0;

const targetOf = (port: number, change: Partial<Target> = {}): Target => {
  const key = readWebhookSecret(new Secret(SECRET));
  if (!key.ok) throw new Error(key.error);
  return { url: `http://127.0.0.1:${port}/`, key: key.value, timeoutMs: 5000, now: Date.now, ...change };
};

describe.each(receivers)('the receiver in $language', ({ command, check, args }) => {
  it.runIf(isInstalled(command, check))(
    `accepts a genuine event and refuses forged and old ones (runs where ${command} is installed)`,
    { timeout: START_MS },
    async () => {
      const port = await freePort();
      const receiver = run({ command, args: args(port), env: { PORT: String(port), FORWARD_SECRET: SECRET } });
      const event = exampleEvent('com.paycools.payout.succeeded');
      const accepts = async () => (await postEvent(event, targetOf(port))) === 204;
      await until(accepts, { what: `${command} accepts an event`, timeoutMs: START_MS });
      await receiver.line(new RegExp(`received ${event.type} ${event.subject}`));
      const forged = targetOf(port, { key: Buffer.alloc(32, 8) });
      const old = targetOf(port, { now: () => Date.now() - 10 * 60_000 });
      for (const target of [forged, old]) await expect(postEvent(event, target)).rejects.toThrow('replied 401');
    },
  );
});
