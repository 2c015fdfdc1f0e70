// Builds dist: the compiled sources, and beside them the Lua scripts, which the compiler leaves out. The image is built
// with this too, so it is plain JavaScript and needs the compiler only.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
chmodSync(join(ROOT, 'dist', 'cli', 'main.js'), 0o755);
