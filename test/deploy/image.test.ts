import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { postPayout } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from '../support/namespace.ts';
import { run } from '../support/process.ts';
import { waitingJobs } from '../support/queues.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { imageCommand, imageEnv, imageInstruction, readDockerfile } from './read.ts';

const [command = '', ...args] = imageCommand();
const [healthCommand = '', ...healthArgs] = imageCommand('HEALTHCHECK');

/** Runs the command of the image with its environment, except for ports, Redis and the folder of the spool. */
const startAsImage = async () => {
  const namespace = openNamespace();
  const [port, opsPort] = [String(await freePort()), String(await freePort())];
  const own = {
    ...imageEnv(),
    SPOOL_DIR: temporaryFolder(),
    PORT: port,
    OPS_PORT: opsPort,
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    PAYCOOLS_CALLBACK_SECRET: SECRET,
  };
  const running = run({ command, args, env: own });
  await running.line(/"msg":"listening"/);
  await untilReady(`http://127.0.0.1:${opsPort}`);
  const isHealthy = (): boolean =>
    spawnSync(healthCommand, healthArgs, { env: { ...process.env, OPS_PORT: opsPort } }).status === 0;
  return { ...running, namespace, isHealthy, own, publicUrl: `http://127.0.0.1:${port}` };
};

const canMakeProcess1 = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

/** The child of a process, by its id. */
const childOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

describe('the image', () => {
  it('passes its health check, accepts a callback, and exits with 0 at SIGTERM', async () => {
    const { child, ended, isHealthy, publicUrl, namespace } = await startAsImage();
    expect(isHealthy()).toBe(true);
    expect(await postPayout(publicUrl)).toMatchObject({ status: 200 });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(isHealthy()).toBe(false);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it.runIf(canMakeProcess1)(
    'exits with 0 at SIGTERM as process 1 too, without an init (runs where unshare is permitted)',
    async () => {
      const { child, ended, own } = await startAsImage();
      child.kill('SIGTERM');
      await ended;
      const outer = spawn('unshare', ['--pid', '--fork', '--kill-child', command, ...args], {
        env: { ...process.env, ...own },
      });
      const listening = new Promise<void>((resolve) => {
        outer.stdout.on('data', (data: Buffer) => data.includes('"msg":"listening"') && resolve());
      });
      await listening;
      process.kill(childOf(outer.pid as number), 'SIGTERM');
      expect(await once(outer, 'close')).toEqual([0, null]);
    },
  );

  it('does not run as root, and owns only the volume of the spool', () => {
    expect(imageInstruction('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const volume = imageInstruction('VOLUME');
    expect(imageEnv()['SPOOL_DIR']?.startsWith(`${volume}/`)).toBe(true);
    const owned = readDockerfile()
      .filter(({ rest }) => /chown|--chown/.test(rest))
      .map(({ rest }) => rest);
    expect(owned.join('\n').match(/chown node:node (\S+)/g)).toEqual([`chown node:node ${volume}`]);
  });

  it('takes its base image from an argument, which can pin a digest', () => {
    const text = readFileSync('Dockerfile', 'utf8');
    expect(text).toMatch(/^ARG NODE_IMAGE=docker\.io\/library\/node:24-bookworm-slim(@sha256:[0-9a-f]{64})?$/m);
    expect(text.match(/^FROM \S+/gm)).toEqual(['FROM ${NODE_IMAGE}', 'FROM ${NODE_IMAGE}']);
  });

  it('is built from a context with only the files that it needs', () => {
    const [everything, ...rules] = readFileSync('.dockerignore', 'utf8').trim().split('\n');
    expect(everything).toBe('*');
    const allowed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    const text = readFileSync('Dockerfile', 'utf8');
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
    expect(copied.toSorted()).toEqual(allowed.toSorted());
    expect(globSync('{LICENSE,package.json,package-lock.json,tsconfig.json,scripts/build.mjs,src}').toSorted()).toEqual(
      allowed.toSorted(),
    );
  });
});
