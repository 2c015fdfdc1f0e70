import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The host name of Redis, as the receiver looks it up. */
export type ReceiverNames = {
  /** Gives the name another address; '' for none. */
  readonly leadTo: (address: string) => void;
  /** The URL with the name in place of the address. */
  readonly urlOf: (url: string) => string;
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

export const HOME = '127.0.0.1';
const NAME = 'redis.test';

/** Creates a name whose address can be changed while the receiver runs. Its file is in `dir`. */
export const createReceiverNames = (dir: string): ReceiverNames => {
  const file = join(resolve(dir), 'address');
  const leadTo = (address: string): void => writeFileSync(file, address);
  leadTo(HOME);
  return {
    leadTo,
    urlOf: (url) => url.replace(HOME, NAME),
    nodeArgs: ['--import', new URL('./named-host.ts', import.meta.url).href],
    env: { NAMED_HOST: NAME, NAMED_HOST_FILE: file },
  };
};
