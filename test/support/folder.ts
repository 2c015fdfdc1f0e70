import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';

/** A folder that is removed when the test ends. */
export const temporaryFolder = (): string => {
  mkdirSync('.data', { recursive: true });
  const folder = mkdtempSync('.data/test-folder-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
