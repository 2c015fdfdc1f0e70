import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Merchants by name, each with its variables. */
export type Merchants = Record<string, Record<string, string>>;

/** A folder with a file of merchants, gone with the test. */
export const merchantsFile = (merchants: Merchants) => {
  const folder = mkdtempSync('.data/merchants-');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'merchants.json');
  const write = (content: Merchants | string): void =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  write(merchants);
  return { path, folder, write };
};
