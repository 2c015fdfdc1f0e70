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

/** For our own pages: nothing inline, nothing from other hosts. */
export const PAGE_POLICY = policy(STRICT);

/** For Bull Board, which needs inline styles, data URLs and its own base. Nothing from other hosts. */
export const BOARD_POLICY = policy({
  ...STRICT,
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'form-action': "'none'",
  'base-uri': "'self'",
});

/**
 * Keeps pages out of caches, frames and other windows. The referrer is sent to this site only; `no-referrer` would make
 * browsers hide the origin of forms, which proves that they are ours.
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
