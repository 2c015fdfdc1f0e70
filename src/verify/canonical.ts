import type { Fields } from '../wire/field.ts';

/** The member that carries the signature and is therefore not signed itself. */
export const SIGN_FIELD = 'sign';

/**
 * The text that the flat rules sign: `key=value` joined with `&`, sorted by key, without `sign`, null and empty values.
 * The fields come sorted from the decoder. Nothing is encoded, so two different bodies can have the same text: the
 * schemas in products/ are strict about `&` and `=` for that reason.
 *
 * @see PAYCOOLS.md 2, steps 1 to 4 (https://doc.paycools.com/PartnerEventCallback/CallBackApiSignatureRule.html)
 */
export const canonicalText = (fields: Fields): string => {
  // Joined, not added piece by piece: that would keep the pieces, for as long as the text is.
  const parts: string[] = [];
  for (const { name, text: value } of fields) {
    if (value === null || value === '' || name === SIGN_FIELD) continue;
    parts.push(`${name}=${value}`);
  }
  return parts.join('&');
};
