import type { FastifyReply } from 'fastify';

const policy = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const STRICT = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
};

/** Of our own pages: nothing inline, nothing from elsewhere. */
export const PAGE_POLICY = policy(STRICT);

/** Of Bull Board: it styles itself inline, draws from data addresses, and names its own base. Nothing from elsewhere. */
export const BOARD_POLICY = policy({
  ...STRICT,
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'form-action': "'none'",
  'base-uri': "'self'",
});

/**
 * Keeps pages out of caches, frames and other windows. The referrer stays on this site (it must not be `no-referrer`:
 * browsers would then hide the origin of forms, by which they are known to be ours).
 */
export const setSecurityHeaders = (reply: FastifyReply, contentSecurityPolicy: string): void => {
  reply.headers({
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-robots-tag': 'noindex',
  });
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
};
