import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts } from '../support/clone.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import type { ComposeRedis } from './compose-redis.ts';
import { imageCommand, imageEnv, parseVariables, readManifests, readYaml } from './read.ts';

type Container = { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** The containers of a deployment other than Redis. */
export type Containers = Readonly<Record<'receiver' | 'sandbox' | 'worker', Container>>;

/** The containers of docker-compose.yml, with the secret that a person puts into .env. */
export const composeContainers = (): Containers => {
  type Service = { readonly command?: readonly string[]; readonly environment: readonly string[] | object };
  const { services } = readYaml<{ readonly services: Readonly<Record<string, Service>> }>('docker-compose.yml');
  const containerOf = (name: string): Container => {
    const { command = imageCommand(), environment = {} } = services[name] ?? {};
    const env = Array.isArray(environment)
      ? parseVariables(environment)
      : { ...(environment as Record<string, string>) };
    const filled = Object.entries(env).map(([key, value]) => [key, value.replace(/^\$\{\w+:\?.*$/, SECRET)] as const);
    return { command, env: { ...imageEnv(), ...Object.fromEntries(filled) } };
  };
  return { receiver: containerOf('receiver'), sandbox: containerOf('sandbox'), worker: containerOf('sample-worker') };
};

/** The containers of docker/kubernetes, which the Helm chart renders. */
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

/** Runs the commands of containers with their environment, except for addresses and folders. */
export const startContainers = async (containers: Containers, redis: ComposeRedis) => {
  const { PORT, OPS_PORT, SANDBOX_PORT } = await freePorts();
  const secrets = resolve(temporaryFolder(), 'secrets');
  mkdirSync(secrets);
  for (const name of ['ops-token', 'sandbox-private-key.pem'])
    copyFileSync(join(redis.secrets, name), join(secrets, name));
  writeFileSync(join(secrets, 'redis-url'), `${redis.url}\n`);
  writeFileSync(join(secrets, 'callback-secret'), SECRET);
  const data = resolve(temporaryFolder());
  const localize = (text: string): string =>
    text
      .replace(/http:\/\/(receiver:8080|paycools-receiver(?=\/))/, `http://127.0.0.1:${PORT}`)
      .replace(':8090', `:${SANDBOX_PORT}`)
      .replace('/run/paycools', secrets)
      .replace('/var/lib/paycools', data)
      .replace(/^sample-worker\.mjs$/, 'docker/sample-worker.mjs')
      .replace(/^paycools$/, 'dist/cli/main.js');
  const start = (
    { command, env }: Container,
    moreArgs: readonly string[] = [],
    ownEnv: Record<string, string> = {},
  ) => {
    const [first, ...rest] = command.map(localize);
    const args = first === 'node' ? rest : [first ?? '', ...rest];
    const localEnv = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, localize(value)]));
    const running = run({ command: process.execPath, args: [...args, ...moreArgs], env: { ...localEnv, ...ownEnv } });
    return { ...running, env: localEnv };
  };
  const receiver = start(containers.receiver, [], { HOST: '127.0.0.1', PORT, OPS_PORT });
  await receiver.line(/"msg":"listening"/);
  const ops = `http://127.0.0.1:${OPS_PORT}`;
  await untilReady(ops);
  const worker = start(containers.worker);
  await worker.line(/^waits for events$/);
  const sandbox = start(containers.sandbox, ['--port', SANDBOX_PORT]);
  await sandbox.line(/^http:/);
  /** Runs a command in the container of the sandbox. Returns its JSON, or its errors as text. */
  const runInSandbox = (line: string): unknown => {
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
  return { receiver, worker, runInSandbox, metric, ops, token };
};
