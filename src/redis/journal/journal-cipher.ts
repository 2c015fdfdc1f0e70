import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts journal bodies with JOURNAL_KEY (AES-256-GCM). Each ciphertext is bound to the id of its request. */
export class JournalCipher {
  readonly #key: Uint8Array;

  constructor(secret: Secret) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret.reveal(), '', 'paycools-webhooks journal', 32));
  }

  /** @returns nonce, tag and ciphertext in one piece */
  encrypt(body: Uint8Array, requestId: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(requestId));
    const text = Buffer.concat([cipher.update(body), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /** @returns null when the body was encrypted with another key or has been modified */
  decrypt(sealed: Uint8Array, requestId: string): Uint8Array | null {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(requestId))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
      return null;
    }
  }
}

/** The cipher of JOURNAL_KEY; null when it is not set, in which case bodies are stored in plain text. */
export const cipherOf = (key: Secret | null): JournalCipher | null => (key === null ? null : new JournalCipher(key));
