import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** Merchants by name, each with its variables. */
export type Merchants = Record<string, Record<string, string>>;

/** Writes a MERCHANTS_FILE into a folder that is removed when the test ends. */
export const merchantsFile = (merchants: Merchants) => {
  const folder = temporaryFolder();
  const path = join(folder, 'merchants.json');
  const write = (content: Merchants | string): void =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  write(merchants);
  return { path, folder, write };
};
