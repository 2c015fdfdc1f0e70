import { isLoopback } from '../core/base-url.ts';
import { errorCodeOf } from '../core/error-code.ts';

/** The error code of a failed connection, for {@link explainConnection}. */
export const connectionCode = (error: unknown): string | null =>
  error instanceof Error && error.name === 'TimeoutError' ? 'ETIMEDOUT' : errorCodeOf(error);

const isTls = (code: string): boolean => /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_/.test(code);

/**
 * Explains in one sentence why an address could not be reached and what to do about it. The sentence begins with the
 * origin of the URL and contains neither its path nor its user.
 */
export const explainConnection = (url: string, code: string | null): string => {
  const { origin, hostname, host, protocol } = new URL(url);
  switch (code) {
    case 'ECONNREFUSED':
      return `${origin} refuses the connection: ${isLoopback(hostname) ? `is \`npm run dev\` running?` : 'nothing listens there, or a firewall refuses it.'}`;
    case 'ENOTFOUND':
      return `${origin} cannot be found: the host name ${hostname} does not exist.`;
    case 'EAI_AGAIN':
      return `${origin} cannot be found: the name server did not answer for ${hostname}.`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `${origin} does not answer in time: check the network and its firewalls.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return `${origin} cannot be reached: there is no route to ${host}.`;
    default:
  }
  if (code !== null && (isTls(code) || code === 'EPROTO')) {
    return `${origin} fails at TLS (${code}): ${protocol === 'https:' ? 'its certificate is not trusted, or it does not speak TLS at all.' : 'check the address.'}`;
  }
  if (isLoopback(hostname)) return `${origin} cannot be reached: is \`npm run dev\` running?`;
  return `${origin} breaks the connection${code === null ? '' : ` (${code})`}: check that the address is right.`;
};
