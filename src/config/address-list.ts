import { isInNetworks, type Network, readNetwork } from '../core/ip-address.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** A set of addresses and networks. */
export type AddressList = {
  /** False for what is not an address. */
  has(address: string): boolean;
};

/** Every address. */
export const anyAddress: AddressList = { has: () => true };

/** Networks that have names, as proxies are often configured. */
const NAMED = new Map([
  ['loopback', '127.0.0.0/8 ::1'],
  ['linklocal', '169.254.0.0/16 fe80::/10'],
  ['uniquelocal', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7'],
]);

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/**
 * Reads addresses and CIDR networks, separated by commas or blanks; loopback, linklocal and uniquelocal are networks too.
 * An IPv4 address matches in its IPv6-mapped form too.
 *
 * @returns the list; null when the text is empty; or which entry is wrong
 */
export const parseAddressList = (text: string): Result<AddressList | null, string> => {
  const networks: Network[] = [];
  for (const [index, entry] of wordsOf(text).entries()) {
    for (const word of wordsOf(NAMED.get(entry) ?? entry)) {
      const network = readNetwork(word);
      if (network === null) {
        return fail(`must be a list of addresses and CIDR networks; entry ${index + 1} is neither`);
      }
      networks.push(network);
    }
  }
  if (networks.length === 0) return ok(null);
  return ok({ has: (address) => isInNetworks(address, networks) });
};
