import { spawnSync } from 'node:child_process';

/** Builds dist/ once for the tests that use the package as its users do. */
export const setup = (): void => {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the package does not build:\n${built.stdout}`);
};
