import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;

const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  set: 0x31,
  list: 0x30,
  time: 0x18,
} as const;

/** One DER value: tag, length, content. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 0x80 ? [] : length < 0x100 ? [0x81] : [0x82, length >> 8];
  return Buffer.concat([Buffer.from([tag, ...long, length & 0xff]), content]);
};

const list = (...parts: readonly Uint8Array[]): Buffer => der(TAG.list, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(TAG.oid, Buffer.from(bytes));
const bits = (content: Uint8Array): Buffer => der(TAG.bits, Buffer.from([0]), content);
const inner = (number: number, ...parts: readonly Uint8Array[]): Buffer => der(0xa0 + number, ...parts);
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

const time = (at: number): Buffer => {
  const text = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(TAG.time, Buffer.from(text));
};

const RSA_SHA256 = list(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), Buffer.from([0x05, 0x00]));
const NAME = list(der(TAG.set, list(oid(0x55, 0x04, 0x03), der(TAG.text, Buffer.from('loopback of a test')))));
const LOOPBACK = der(0x87, Buffer.from([127, 0, 0, 1]));
/** Basic constraints (it is its own authority) and the subject alternative name. */
const extensionsFor = (name: string | undefined): Buffer =>
  list(
    list(oid(0x55, 0x1d, 0x13), TRUE, der(TAG.octets, list(TRUE))),
    list(oid(0x55, 0x1d, 0x11), der(TAG.octets, list(name === undefined ? LOOPBACK : der(0x82, Buffer.from(name))))),
  );

const body = (publicKey: KeyObject, name: string | undefined): Buffer =>
  list(
    inner(0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    RSA_SHA256,
    NAME,
    list(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    NAME,
    publicKey.export({ format: 'der', type: 'spki' }),
    inner(3, extensionsFor(name)),
  );

const pem = (content: Buffer): string => {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

/**
 * A self-signed certificate and its key, as PEM. Built by hand, because Node.js can only read certificates.
 *
 * @param name the only host name that it is valid for; default 127.0.0.1
 */
export const makeCertificate = (name?: string): { readonly certificate: string; readonly key: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = body(publicKey, name);
  const certificate = pem(list(signed, RSA_SHA256, bits(sign('sha256', signed, privateKey))));
  return { certificate, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
};
