import { createPublicKey } from 'node:crypto';
import { Secret } from '../core/secret.ts';

/**
 * Keys for work whose result is never used: a callback for a merchant that does not exist, or has no key for a scheme,
 * must take as long as one with a bad signature. They never make anything genuine.
 */
export const decoySecret = new Secret('decoy');

/** The public key of a pair whose private key nobody has. */
export const decoyPublicKey = createPublicKey({
  key: Buffer.from(
    [
      'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwhjgOY00oTDPvXL1WjZSEUpGh2upqcJNGP3GP40z4WPUsX//c8f7V3Ug',
      'TspKDxylDURBN7jUJ4Jm1+KCOOo4JeX2CJvJPI82iwKLY+zPmYqSerZOnK04i5ChBe7m2TCDWflHsAuh9/wLWtQCWxf6whr06+jp',
      'tcFCW6FSPBHvzcSKy8KYfKvbvW+Ab7rmFEMkNz7QISqD+MahC+N5dJa/S+SbjWsmejHjyTOXMAyLXyb7QX0gfUzYqytlolKWTmhu',
      'Hpfgwrzdxp2doJGY03Us4PXL+2yKs7p68147Rir8vdcqhYIkMroPQJydW4NzdJCV27DK380mUHI39jKqse849QIDAQAB',
    ].join(''),
    'base64',
  ),
  format: 'der',
  type: 'spki',
});
