import { describe, expect, it } from 'vitest';
import { isConnectionError } from '../../src/service/is-connection-error.ts';

const errorWith = (members: object): Error => Object.assign(new Error('text'), members);

describe('a connection error', () => {
  it.each([
    ['a TLS alert', errorWith({ code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', library: 'SSL routines' })],
    ['a certificate for another name', errorWith({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['a reset connection', errorWith({ code: 'ECONNRESET', syscall: 'read' })],
    ['an error reply of Redis', errorWith({ name: 'ReplyError' })],
    ['a reply that cannot be read', errorWith({ name: 'ParserError' })],
    ['a closed connection', new Error('Connection is closed.')],
    ['a connection without an answer', new Error("Socket timeout. Expecting data, but didn't receive any in 3000ms.")],
  ])('is %s', (_name, error) => {
    expect(isConnectionError(error)).toBe(true);
  });

  it.each([
    ['a bug', new TypeError('x is not a function')],
    ['a port in use', errorWith({ code: 'EADDRINUSE', syscall: 'listen' })],
    ['a value that is not an error', 'text'],
  ])('is not %s', (_name, error) => {
    expect(isConnectionError(error)).toBe(false);
  });
});
