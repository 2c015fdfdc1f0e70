import { readFileSync } from 'node:fs';

/** A known answer for one of the two signature schemes. */
export type Vector = {
  readonly id: string;
  readonly scheme: 'sha1-secret' | 'rsa-envelope';
  readonly body: string;
  readonly secret?: string;
  readonly publicKey?: string;
  readonly publicKeyDer?: string;
  /** The signed text, which for `sha1-secret` ends with the secret. */
  readonly canonical: string | null;
  readonly valid: boolean;
  readonly reject?: 'signature' | 'malformed';
};

const { vectors } = JSON.parse(readFileSync('test/fixtures/paycools/vectors.json', 'utf8')) as { vectors: Vector[] };

export const vectorsOf = (scheme: Vector['scheme']): Vector[] => vectors.filter((vector) => vector.scheme === scheme);
