import type { Field, Fields } from '../wire/field.ts';

/** The member that carries the signature and is therefore not signed itself. */
export const SIGN_FIELD = 'sign';

/**
 * The text that the flat rules sign: `key=value` joined with `&`, sorted by key, without `sign`, null and empty values.
 * The decoder has sorted the fields. Nothing is encoded, so two different bodies can have the same text: see
 * {@link isAmbiguous}.
 *
 * @see docs/paycools.md 2, steps 1 to 4 (https://doc.paycools.com/PartnerEventCallback/CallBackApiSignatureRule.html)
 */
export const canonicalText = (fields: Fields): string => {
  // Joined, because a concatenated string would keep its pieces in memory.
  const parts: string[] = [];
  for (const field of fields) if (isSigned(field)) parts.push(`${field.name}=${field.text}`);
  return parts.join('&');
};

/** Whether the flat rules sign a member. Anyone can add unsigned members, so they mean nothing. */
export const isSigned = ({ name, text }: Field): boolean => text !== null && text !== '' && name !== SIGN_FIELD;

/** What may be the start of a member inside the signed text. */
const MEMBER_START = /&[^&=]+=/g;

/**
 * Whether the signed text of a flat body could also be that of a body with other members: a value contains `&name=`,
 * for any name, or a name contains `&` or `=`. The text does not show where a member ends, so an attacker may have
 * split a text that PayCools signed into other members. The signature alone is then not enough to believe the body.
 *
 * @see docs/paycools.md 2, "What the scheme cannot do"
 */
export const isAmbiguous = (fields: Fields, signedText: string): boolean => {
  const signed = fields.filter(isSigned);
  const starts = signedText.match(MEMBER_START)?.length ?? 0;
  return starts !== Math.max(0, signed.length - 1) || signed.some(({ name }) => name === '' || /[&=]/.test(name));
};
