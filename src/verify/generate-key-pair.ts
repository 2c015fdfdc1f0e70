import { generateKeyPair, type KeyObject } from 'node:crypto';
import { Secret } from '../core/secret.ts';

/** An RSA key pair for the merchant's requests. */
export type MerchantKeyPair = {
  /** PKCS#8 as PEM: PAYCOOLS_PRIVATE_KEY. */
  readonly privateKey: Secret;
  /** SPKI as PEM. */
  readonly publicKey: string;
  /** The same public key as PayCools's back office takes keys: bare base64 of its DER, on one line. */
  readonly publicKeyBase64: string;
};

type Pair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const generate = (modulusLength: number): Promise<Pair> =>
  new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength }, (error, publicKey, privateKey) =>
      error === null ? resolve({ privateKey, publicKey }) : reject(error),
    );
  });

/**
 * Makes a key pair for signing requests. The private key stays here; the public one is given to PayCools.
 *
 * @param modulusLength bits of the key: merchants of PayCools use 2048 and 4096
 * @see PAYCOOLS.md 7 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const generateMerchantKeyPair = async (modulusLength: 2048 | 3072 | 4096 = 2048): Promise<MerchantKeyPair> => {
  const { privateKey, publicKey } = await generate(modulusLength);
  return {
    privateKey: new Secret(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    publicKeyBase64: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};
