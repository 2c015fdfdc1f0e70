import ipaddr from 'ipaddr.js';

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** `[address]`, `[address]:port` or `IPv4:port`, as proxies write them. */
const WITH_PORT = /^\[([^\]]+)\](?::\d{1,5})?$|^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/;

const parse = (text: string): Parsed | null => {
  const [, bracketed, beforePort] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? beforePort ?? text;
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  // A zone names an interface of the machine that wrote it, so it means nothing here.
  const withoutZone = address.replace(/%[\w.~-]+$/, '');
  return ipaddr.IPv6.isValid(withoutZone) ? ipaddr.process(withoutZone) : null;
};

/**
 * Reads an IP address, with or without a port, brackets and a zone.
 *
 * @returns its one canonical form, an IPv4-mapped IPv6 address as IPv4; null for anything else
 */
export const readAddress = (text: string): string | null => parse(text)?.toString() ?? null;

/** Prefix length of the IPv6 network that one customer of a provider gets, who can use every address in it. */
const CLIENT_BITS = 64;

/** The network that one client can send from: an IPv4 address itself, the /64 network of an IPv6 address. */
export const clientNetworkOf = (address: string): string => {
  const parsed = parse(address);
  if (parsed === null || parsed.kind() === 'ipv4') return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${CLIENT_BITS}`)}/${CLIENT_BITS}`;
};

/** An IP network. */
export type Network = { readonly address: Parsed; readonly bits: number };

const MAPPED_BITS = 96;

const withoutMapping = ({ address, bits }: Network): Network =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= MAPPED_BITS
    ? { address: address.toIPv4Address(), bits: bits - MAPPED_BITS }
    : { address, bits };

/**
 * Reads an address or a network in CIDR notation.
 *
 * @returns null for anything else
 */
export const readNetwork = (text: string): Network | null => {
  const [, host = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (ipaddr.IPv6.isValid(host) && prefix !== undefined) {
    return Number(prefix) > 128 ? null : withoutMapping({ address: ipaddr.IPv6.parse(host), bits: Number(prefix) });
  }
  const address = parse(host);
  if (address === null) return null;
  const most = address.kind() === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  return bits > most ? null : { address, bits };
};

/** Whether the address is in one of the networks; false for what is not an address. */
export const isInNetworks = (text: string, networks: readonly Network[]): boolean => {
  const parsed = parse(text);
  return (
    parsed !== null &&
    networks.some(({ address, bits }) => parsed.kind() === address.kind() && matches(parsed, address, bits))
  );
};

const matches = (parsed: Parsed, network: Parsed, bits: number): boolean =>
  parsed instanceof ipaddr.IPv4
    ? parsed.match(network as ipaddr.IPv4, bits)
    : parsed.match(network as ipaddr.IPv6, bits);
