import { BlockList, isIP } from 'node:net';
import { fail, ok, type Result } from '../core/result.ts';

/** A set of addresses and networks. */
export type AddressList = {
  /** False for what is not an address. */
  has(address: string): boolean;
};

/** Every address. */
export const anyAddress: AddressList = { has: () => true };

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

const isPrefix = (text: string | undefined, address: string): boolean =>
  text === undefined || (/^\d{1,3}$/.test(text) && Number(text) <= (isIP(address) === 4 ? 32 : 128));

/**
 * Reads addresses and CIDR networks, separated by commas or blanks. An IPv4 address matches in its IPv6-mapped form too.
 *
 * @returns the list; none when the text is empty; or which entry is wrong
 */
export const parseAddressList = (text: string): Result<AddressList | null, string> => {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const list = new BlockList();
  for (const [index, entry] of entries.entries()) {
    const [address = '', prefix, ...rest] = entry.split('/');
    if (isIP(address) === 0 || rest.length > 0 || !isPrefix(prefix, address)) {
      return fail(`must be a list of addresses and CIDR networks; entry ${index + 1} is neither`);
    }
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  if (entries.length === 0) return ok(null);
  return ok({ has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) });
};
