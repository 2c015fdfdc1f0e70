import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variables } from '../../src/config/environment.ts';
import { readDockerfile, readYaml } from './read.ts';

type ComposeService = {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: readonly string[] | Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
};

const compose = readYaml<{
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}>('docker-compose.yml');
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const ours = services.filter(({ build }) => build !== undefined);
const receiver = compose.services['receiver'];
const passed = ((receiver?.environment ?? []) as readonly string[]).map((line) => line.split('=')[0] ?? '');

/** Variables that the compose file does not pass on; the token of the console comes from the volume `secrets`. */
const NOT_PASSED = [
  'REDIS_URL',
  'QUEUE_PREFIX',
  'SPOOL_DIR',
  'HOST',
  'PORT',
  'OPS_HOST',
  'OPS_PORT',
  'OPS_TOKEN',
  'MERCHANTS_FILE',
];

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;

describe('the compose file', () => {
  it('pins the version of every image that is not built here', () => {
    const others = services.filter(({ build }) => build === undefined).map(({ image }) => image);
    expect(others.filter((image) => !/:v?\d+\.\d+\.\d+/.test(image))).toEqual([]);
  });

  it('requires only one variable', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    const required = [...text.matchAll(/\$\{(\w+):?\?/g)].map(([, name]) => name);
    const optional = [...text.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(['PAYCOOLS_CALLBACK_SECRET']));
    expect(optional).toEqual(['PORT', 'OPS_PORT', 'FORWARD_TO']);
  });

  it('passes on every other variable of the service', () => {
    const missing = Object.keys(variables).filter((name) => !passed.includes(name) && !NOT_PASSED.includes(name));
    expect(missing).toEqual([]);
    expect(passed).toEqual(expect.arrayContaining(['REDIS_URL_FILE', 'OPS_TOKEN_FILE']));
  });

  it('mounts only files and volumes that exist', () => {
    const sources = services.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(source) : !(source in compose.volumes),
    );
    expect(missing).toEqual([]);
  });

  it('mounts a volume where the image has the spool', () => {
    const volume = readDockerfile().find(({ name }) => name === 'VOLUME')?.rest;
    expect(receiver?.volumes).toContain(`spool:${volume}`);
  });

  it('runs our containers with a read-only root and without privileges', () => {
    expect(ours.map(({ name }) => name)).toEqual(['secrets', 'receiver', 'sandbox', 'sample-worker', 'forward']);
    const hardened = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };
    for (const service of ours) expect(service).toMatchObject(hardened);
  });

  it('opens only the port for callbacks to other machines', () => {
    const open = services.flatMap(({ ports = [] }) => ports.filter((port) => !port.startsWith('127.0.0.1:')));
    expect(open).toEqual(['${PORT:-8080}:8080']);
  });

  it('starts the sandbox and the sample worker only with the profile `sandbox`', () => {
    const optional = services.filter(({ profiles }) => profiles?.includes('sandbox')).map(({ name }) => name);
    expect(optional).toEqual(['sandbox', 'sample-worker']);
  });

  it('lets Prometheus scrape the ops listener under the job name of the rules', () => {
    const config = readFileSync('docker/prometheus/prometheus.yml', 'utf8');
    expect(config).toContain('job_name: paycools-receiver');
    expect(config).toContain('targets: ["receiver:8081"]');
  });

  it.runIf(hasCompose)('is valid for docker compose (runs where docker compose is installed)', () => {
    const env = { ...process.env, PAYCOOLS_CALLBACK_SECRET: 'x' };
    const args = ['compose', '--profile', 'sandbox', 'config', '--quiet'];
    expect(spawnSync('docker', args, { encoding: 'utf8', env })).toMatchObject({ status: 0, stderr: '' });
  });
});
