// Builds dist: the compiled sources, and beside them the Lua scripts, which the compiler leaves out. The image is built
// with this too, so it is plain JavaScript and needs the compiler only.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRIPTS = join('redis', 'scripts');

rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
const { status } = spawnSync(compiler, ['-p', 'src'], {
  cwd: ROOT,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);
cpSync(join(ROOT, 'src', SCRIPTS), join(ROOT, 'dist', SCRIPTS), { recursive: true });
// Of the declarations only those are published that an entry of the package leads to.
const DIST = join(ROOT, 'dist');
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"']+)["']/g;
const reached = new Set();
const reach = (path) => {
  if (reached.has(path)) return;
  reached.add(path);
  for (const [, target] of readFileSync(path, 'utf8').matchAll(IMPORT))
    reach(join(dirname(path), target.replace(/\.(?:js|ts)$/, '.d.ts')));
};
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
for (const { types } of Object.values(entries)) if (types !== undefined) reach(join(ROOT, types));
for (const name of readdirSync(DIST, { recursive: true })) {
  const path = join(DIST, name);
  if (/\.d\.m?ts$/.test(name) && !reached.has(path)) rmSync(path);
}
// The command line has an option --env-file of its own. Node.js would take it, and end with code 9 where the file is missing,
// unless `--` comes before it, which a first line for node cannot say on every system (the `env` of Alpine has no -S). So a
// shell reads the first two lines, and starts node with the whole file, in which the second one is a string and a comment.
const COMMAND = join(ROOT, 'dist', 'cli', 'main.js');
const FOR_SHELL = `#!/usr/bin/env sh\n':' //; exec node -- "$0" "$@"\n`;
writeFileSync(COMMAND, readFileSync(COMMAND, 'utf8').replace(/^#!.*\n/, FOR_SHELL));
chmodSync(COMMAND, 0o755);
