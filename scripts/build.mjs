// Builds dist: the compiled sources and the Lua scripts, which the compiler does not copy. The image is also built with
// this script, so it is plain JavaScript and needs only the compiler.
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
// Only the declarations that an entry of the package reaches are published.
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
// The command line has its own option --env-file. Node.js would consume it, and exit with code 9 if the file is
// missing, unless `--` precedes it; but a `#!` line cannot pass `--` on every system (Alpine's `env` has no -S). So a
// shell runs the first two lines and starts node with this file; to node, the second line is a string and a comment.
const COMMAND = join(ROOT, 'dist', 'cli', 'main.js');
const FOR_SHELL = `#!/usr/bin/env sh\n':' //; exec node -- "$0" "$@"\n`;
writeFileSync(COMMAND, readFileSync(COMMAND, 'utf8').replace(/^#!.*\n/, FOR_SHELL));
chmodSync(COMMAND, 0o755);
