import { fail, ok, type Result } from '../core/result.ts';
import { DecodeError, type DecodeReason, decodeExact } from './exact.ts';
import { byName, type Field, type Fields } from './field.ts';
import { decodeFlat } from './flat.ts';
import { MAX_VALUES } from './scan.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
};

const hasDuplicate = (sorted: readonly Field[]): boolean =>
  sorted.some((field, index) => field.name === sorted[index + 1]?.name);

/**
 * Decodes the text of one JSON object. It is lossless, so values keep the form in which they were written, and strict:
 * anything that two readers could understand differently is refused.
 *
 * @see docs/paycools.md 2, "The number rule" and the table of chosen readings
 */
export const decodeText = (text: string, maxValues: number = MAX_VALUES): Result<Fields, DecodeReason> => {
  if (!text.isWellFormed()) return fail('lone-surrogate');
  try {
    const fields = decodeFlat(text) ?? decodeExact(text, maxValues);
    fields.sort(byName);
    return hasDuplicate(fields) ? fail('duplicate-key') : ok(fields);
  } catch (error) {
    if (error instanceof DecodeError) return fail(error.reason);
    throw error;
  }
};

/**
 * {@link decodeText} for bytes, which must be UTF-8; a byte-order mark is ignored.
 *
 * @param maxValues maximum number of values; the default is meant for callbacks, while a reply that lists rows has more
 */
export const decode = (bytes: Uint8Array, maxValues?: number): Result<Fields, DecodeReason> => {
  const text = decodeUtf8(bytes);
  return text === null ? fail('not-utf8') : decodeText(text, maxValues);
};
