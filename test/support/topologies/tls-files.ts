import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { newDataDir } from './topology.ts';

/** A certificate on disk, as Redis and Node.js read it. */
export type TlsFiles = Disposable & {
  readonly certificate: string;
  readonly certificateFile: string;
  /** Configuration of a Redis or a sentinel that speaks TLS on this port. */
  readonly configFor: (port: number) => Readonly<Record<string, string>>;
};

/** Configuration as arguments of redis-server. */
export const argsOf = (config: Readonly<Record<string, string>>): string[] =>
  Object.entries(config).flatMap(([name, value]) => [`--${name}`, value]);

/** @param name the host name of the certificate, see {@link makeCertificate} */
export const createTlsFiles = (name?: string): TlsFiles => {
  const dir = resolve(newDataDir('certificate'));
  mkdirSync(dir, { recursive: true });
  const { certificate, key } = makeCertificate(name);
  const [certificateFile, keyFile] = [join(dir, 'certificate.pem'), join(dir, 'key.pem')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key);
  return {
    certificate,
    certificateFile,
    configFor: (port) => ({
      'tls-port': String(port),
      'tls-cert-file': certificateFile,
      'tls-key-file': keyFile,
      'tls-ca-cert-file': certificateFile,
      'tls-auth-clients': 'no',
    }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
};
