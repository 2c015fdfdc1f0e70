import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { products } from '../../src/products/registry.ts';
import { signRsa } from '../../src/verify/rsa.ts';
import { sign } from './callback.ts';

/** A body that PayCools documents or an integrator published; test/fixtures/paycools/samples/README.md lists which. */
export type Sample = {
  readonly name: string;
  /** The product that the file name begins with, whose address it is posted to; null for none. */
  readonly product: string | null;
  readonly content: Readonly<Record<string, unknown>>;
};

const FOLDER = 'test/fixtures/paycools/samples';

/** A stand-in for PayCools's key pair. */
export const paycoolsKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const paycoolsPublicKey = paycoolsKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString();

const readSample = (file: string): Sample => {
  const name = basename(file, '.json');
  const product = products.map((definition) => definition.product).find((it) => name.startsWith(`${it}.`)) ?? null;
  return { name, product, content: JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) };
};

export const samples: readonly Sample[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map(readSample);

/** The sample as PayCools would send it. */
export const signedSample = ({ content }: Sample): string => {
  const { param } = content;
  return typeof param === 'string'
    ? JSON.stringify({ param, sign: signRsa(param, paycoolsKeys.privateKey) })
    : sign(content);
};
