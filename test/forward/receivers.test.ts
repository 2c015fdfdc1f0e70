import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { Secret } from '../../src/core/secret.ts';
import { postEvent, type Target } from '../../src/forward/post-event.ts';
import { readWebhookSecret } from '../../src/forward/sign-webhook.ts';
import { exampleEvent } from '../../src/index.ts';
import { blocksOf } from '../support/blocks.ts';
import { temporaryFolder } from '../support/folder.ts';
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

const page = readFileSync('docs/forwarding.md', 'utf8');

/** Number of arguments in the first call of a function, or of parameters in its definition. */
const argumentsOf = (name: string, source: string): number => {
  let depth = 1;
  let count = 1;
  const list = source.slice(source.indexOf(`${name}(`) + name.length + 1);
  for (const character of list.replaceAll(/,\s*\)/g, ')')) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0) break;
    if (character === ',' && depth === 1) count += 1;
  }
  return count;
};

/** What the example leaves to the reader. */
const FASTAPI = `import os
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from receiver import verify

SECRET = os.environ["FORWARD_SECRET"]
app = FastAPI()

async def handle(event):
    print("handled", event["type"], flush=True)

SNIPPET

uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))
`;

describe('the example for a framework', () => {
  it.each([
    { framework: 'Laravel', language: 'php', file: 'receiver.php', verification: 'is_genuine' },
    { framework: 'FastAPI', language: 'python', file: 'receiver.py', verification: 'verify' },
    { framework: 'Spring', language: 'java', file: 'Receiver.java', verification: 'isGenuine' },
  ])('$framework calls the verification of the tested receiver', ({ language, file, verification }) => {
    const [snippet = ''] = blocksOf(page, language);
    const receiver = readFileSync(`${FOLDER}/${file}`, 'utf8');
    for (const source of [snippet, receiver]) expect(source).toContain(`${verification}(`);
    expect(argumentsOf(verification, snippet)).toBe(argumentsOf(verification, receiver));
  });

  it.runIf(isInstalled('python3', '-cimport fastapi, uvicorn'))(
    'FastAPI accepts a genuine event and refuses a forged one (runs where fastapi and uvicorn are installed)',
    async () => {
      const port = await freePort();
      const [snippet = ''] = blocksOf(page, 'python');
      const file = join(temporaryFolder(), 'app.py');
      writeFileSync(
        file,
        FASTAPI.replace('SNIPPET', () => snippet),
      );
      const env = { PORT: String(port), FORWARD_SECRET: SECRET, PYTHONPATH: FOLDER };
      const receiver = run({ command: 'python3', args: [file], env });
      await receiver.line(/Uvicorn running/);
      const event = exampleEvent('com.paycools.payout.succeeded');
      const target = targetOf(port, { url: `http://127.0.0.1:${port}/paycools` });
      expect(await postEvent(event, target)).toBe(204);
      await receiver.line(new RegExp(`handled ${event.type}`));
      await expect(postEvent(event, { ...target, key: Buffer.alloc(32, 8) })).rejects.toThrow('replied 401');
    },
    START_MS,
  );
});
