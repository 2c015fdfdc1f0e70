import { fail, ok, type Result } from './result.ts';

/** Whether a host, as an address or a URL has it, is this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** A host and a port as a URL has them. */
export const authorityOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Containers and this machine: a name without a dot, or loopback. Everywhere else personal data needs TLS. */
const isNear = (hostname: string): boolean =>
  !/[.:]/.test(hostname) || isLoopback(hostname) || hostname.endsWith('.localhost');

/** Reads the address of PayCools's API, without a slash at its end; or says what is wrong with it. */
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
