import { fail, ok, type Result } from './result.ts';

/** Whether a host, with or without the brackets of a URL, is this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** A host and a port as they are written in a URL. */
export const authorityOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Whether a host is this machine or a container beside it (no dot). Elsewhere, personal data needs TLS. */
const isNear = (hostname: string): boolean =>
  !/[.:]/.test(hostname) || isLoopback(hostname) || hostname.endsWith('.localhost');

/**
 * Reads the address of PayCools's API.
 *
 * @returns the address without a trailing slash, or what is wrong with it
 */
export const parseBaseUrl = (text: string): Result<string, string> => {
  if (!URL.canParse(text)) return fail('is not a valid URL');
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && isNear(hostname))) {
    return fail('must be https (http only for this machine and for host names without a dot)');
  }
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    return fail('must have no user, query or fragment');
  }
  return ok(text.replace(/\/+$/, ''));
};
