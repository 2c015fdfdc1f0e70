// The first step of `npm run dev` and `npm test`: `bootstrap.mjs SCRIPT… -- [ARGUMENT…]`. It runs on the machine's own
// Node.js (20 or later) before anything is installed, so it is plain JavaScript without dependencies. It installs the
// locked dependencies if needed, then runs scripts of package.json one after another on the Node.js in node_modules,
// which the lock file pins. The arguments are passed to the last command of the last script.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE_MAJOR = 24;
const OLDEST_NODE_MAJOR = 20;

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const readPackages = (path) => readJson(path).packages;

/** Whether node_modules matches the lock file. Optional packages for other platforms may be absent. */
const isInstalled = () => {
  if (!existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return false;
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(readPackages('package-lock.json')).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = present[path];
    return found === undefined ? optional === true || devOptional === true : found.version === version;
  });
};

const pinnedMajor = () => {
  const { stdout } = spawnSync(join(BIN, 'node'), ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]);
};

const succeeds = (command, args) =>
  spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;

const npm = (...args) => succeeds('npm', args);

const install = () => {
  process.stderr.write('Installing the locked dependencies …\n');
  if (!npm('ci', '--no-audit', '--no-fund', '--loglevel=error')) {
    fail('`npm ci` could not install the dependencies, see above. It needs access to the npm registry.');
  }
};

/** The npm package `node` fetches its binary in an install script, which npm may be configured to skip. */
const ensureRuntime = () => {
  if (pinnedMajor() === NODE_MAJOR) return;
  npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
  if (pinnedMajor() === NODE_MAJOR) return;
  fail(`Node.js ${NODE_MAJOR} is missing in node_modules: npm did not run the install script of the package "node".`);
};

/**
 * npm silently skips optional packages that need a newer Node.js than the one npm runs on, so npm runs again on the
 * pinned Node.js.
 */
const ensureOptional = () => {
  const present = readPackages('node_modules/.package-lock.json');
  const names = Object.keys(readJson('package.json').optionalDependencies);
  if (names.every((name) => present[`node_modules/${name}`] !== undefined)) return;
  const script = process.env.npm_execpath;
  const words = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  if (script !== undefined && succeeds(join(BIN, 'node'), [script, ...words])) return;
  fail('npm could not install the optional OpenTelemetry packages, see above. It needs access to the npm registry.');
};

const run = ([command, ...args]) =>
  new Promise((resolve) => {
    const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` };
    const child = spawn(join(BIN, command), args, { cwd: ROOT, env, stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
    child.on('error', () => fail(`${command} could not be started. Delete node_modules and try again.`));
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });

/** The commands of a script in package.json. They contain no quotes, so no shell is needed. */
const commandsOf = (name) =>
  readJson('package.json')
    .scripts[name].split(' && ')
    .map((command) => command.split(' '));

const words = process.argv.slice(2);
const names = words.slice(0, words.indexOf('--'));
const rest = words.slice(words.indexOf('--') + 1);
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE_MAJOR) {
  fail(`Node.js ${OLDEST_NODE_MAJOR} or later is needed; this is ${process.version}.`);
}
if (!isInstalled()) install();
ensureRuntime();
ensureOptional();
const commands = names.flatMap(commandsOf);
for (const [index, command] of commands.entries()) {
  const status = await run(index === commands.length - 1 ? [...command, ...rest] : command);
  if (status !== 0) process.exit(status);
}
