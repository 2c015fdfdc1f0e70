import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../core/secret.ts';

/** An RSA key pair for the merchant's requests. */
export type MerchantKeyPair = {
  /** PKCS#8 as PEM, for PAYCOOLS_PRIVATE_KEY. */
  readonly privateKey: Secret;
  /** SPKI as PEM. */
  readonly publicKey: string;
  /** The public key in the form that PayCools's back office accepts: bare base64 of its DER, on one line. */
  readonly publicKeyBase64: string;
};

const generate = promisify(generateKeyPair);

/**
 * Generates a key pair for signing requests. The merchant keeps the private key and gives the public one to PayCools.
 *
 * @param modulusLength bits of the key; PayCools's merchants use 2048 and 4096
 * @see docs/paycools.md 7 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const generateMerchantKeyPair = async (modulusLength: 2048 | 3072 | 4096 = 2048): Promise<MerchantKeyPair> => {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength });
  return {
    privateKey: new Secret(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    publicKeyBase64: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};
