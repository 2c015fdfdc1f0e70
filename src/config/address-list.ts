import { isInNetworks, type Network, readNetwork } from '../core/ip-address.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** A set of addresses and networks. */
export type AddressList = {
  /** False for a text that is not an address. */
  has(address: string): boolean;
};

/** Every address. */
export const anyAddress: AddressList = { has: () => true };

/** Networks that may be given by name. */
const NAMED = new Map([
  ['loopback', '127.0.0.0/8 ::1'],
  ['linklocal', '169.254.0.0/16 fe80::/10'],
  ['uniquelocal', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7'],
]);

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/**
 * Parses addresses, CIDR networks and the names loopback, linklocal and uniquelocal, separated by commas or blanks. An
 * IPv4 entry matches IPv6-mapped addresses too.
 *
 * @returns the list, null if the text is empty, or which entry is wrong
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
