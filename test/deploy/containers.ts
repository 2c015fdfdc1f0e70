import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/redis-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import type { ComposeRedis } from './compose-redis.ts';
import { readDockerfile, readManifests, readYaml } from './read.ts';

type Container = { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** What runs on a stranger's machine or cluster, beside Redis. */
export type Containers = Readonly<Record<'receiver' | 'sandbox' | 'worker', Container>>;

const instruction = (wanted: string): string => readDockerfile().findLast(({ name }) => name === wanted)?.rest ?? '';

const imageCommand = (): string[] => JSON.parse(instruction('CMD')) as string[];

const pairsOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s).slice(0, 2)));

/** Variables that the image sets, such as the listener's address. */
const imageEnv = (): Record<string, string> => pairsOf(instruction('ENV').split(' '));

/** The containers of docker-compose.yml; the secret is the one that a person puts into .env. */
export const composeContainers = (): Containers => {
  type Service = { readonly command?: readonly string[]; readonly environment: readonly string[] | object };
  const { services } = readYaml<{ readonly services: Readonly<Record<string, Service>> }>('docker-compose.yml');
  const containerOf = (name: string): Container => {
    const { command = imageCommand(), environment = {} } = services[name] ?? {};
    const env = Array.isArray(environment) ? pairsOf(environment) : { ...(environment as Record<string, string>) };
    const filled = Object.entries(env).map(([key, value]) => [key, value.replace(/^\$\{\w+:\?.*$/, SECRET)] as const);
    return { command, env: { ...imageEnv(), ...Object.fromEntries(filled) } };
  };
  return { receiver: containerOf('receiver'), sandbox: containerOf('sandbox'), worker: containerOf('sample-worker') };
};

/** The containers that the Helm chart renders, as docker/kubernetes has them. */
export const chartContainers = (): Containers => {
  type Env = readonly { readonly name: string; readonly value: string }[];
  type Spec = { readonly containers: readonly [{ readonly command?: readonly string[]; readonly env?: Env }] };
  type Manifest = {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec?: { readonly template?: { readonly spec: Spec } };
  };
  const manifests = readManifests<Manifest>('docker/kubernetes');
  const containerOf = (name: string): Container => {
    const found = manifests.find((it) => it.metadata.name === name && it.spec?.template !== undefined);
    const [{ command = imageCommand(), env = [] } = {}] = found?.spec?.template?.spec.containers ?? [];
    return { command, env: { ...imageEnv(), ...Object.fromEntries(env.map((it) => [it.name, it.value])) } };
  };
  return {
    receiver: containerOf('paycools-receiver'),
    sandbox: containerOf('paycools-sandbox'),
    worker: containerOf('paycools-worker'),
  };
};

/** Runs what the containers run, with their environment: only addresses and folders are those of this machine. */
export const startContainers = async (containers: Containers, redis: ComposeRedis) => {
  const [port, opsPort, sandboxPort] = [await freePort(), await freePort(), await freePort()].map(String) as [
    string,
    string,
    string,
  ];
  const secrets = resolve(temporaryFolder(), 'secrets');
  mkdirSync(secrets);
  for (const name of ['ops-token', 'sandbox-private-key.pem'])
    copyFileSync(join(redis.secrets, name), join(secrets, name));
  writeFileSync(join(secrets, 'redis-url'), `${redis.url}\n`);
  writeFileSync(join(secrets, 'callback-secret'), SECRET);
  const data = resolve(temporaryFolder());
  const here = (text: string): string =>
    text
      .replace(/http:\/\/(receiver:8080|paycools-receiver(?=\/))/, `http://127.0.0.1:${port}`)
      .replace(':8090', `:${sandboxPort}`)
      .replace('/run/paycools', secrets)
      .replace('/var/lib/paycools', data)
      .replace(/^sample-worker\.mjs$/, 'docker/sample-worker.mjs')
      .replace(/^paycools$/, 'dist/cli/main.js');
  const start = ({ command, env }: Container, more: readonly string[] = [], own: Record<string, string> = {}) => {
    const [first, ...rest] = command.map(here);
    const args = first === 'node' ? rest : [first ?? '', ...rest];
    const mapped = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)]));
    return { ...run({ command: process.execPath, args: [...args, ...more], env: { ...mapped, ...own } }), env: mapped };
  };
  const receiver = start(containers.receiver, [], { HOST: '127.0.0.1', PORT: port, OPS_PORT: opsPort });
  await receiver.line(/"msg":"listening"/);
  const ops = `http://127.0.0.1:${opsPort}`;
  await untilReady(ops);
  const worker = start(containers.worker);
  await worker.line(/^waits for events$/);
  const sandbox = start(containers.sandbox, ['--port', sandboxPort]);
  await sandbox.line(/^http:/);
  /** Types a command of the page in the container of the sandbox. */
  const typed = (line: string): unknown => {
    const text = line.replace(/^paycools/, `${process.execPath} dist/cli/main.js`);
    const env = { ...process.env, ...sandbox.env };
    const ran = spawnSync('bash', ['-c', text], { encoding: 'utf8', env });
    return ran.status === 0 ? JSON.parse(ran.stdout) : ran.stderr;
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${ops}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  };
  const token = readFileSync(join(secrets, 'ops-token'), 'utf8').trim();
  return { receiver, worker, typed, metric, ops, token };
};
