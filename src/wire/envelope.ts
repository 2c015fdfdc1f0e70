import { type Fields, fieldOf } from './field.ts';

/** An enveloped body: `param` holds the fields as JSON text, and the signature covers that text as received. */
export type Envelope = { readonly param: string; readonly sign: unknown };

/**
 * The body as an envelope: exactly the members `param`, a string, and `sign`. Everything else is a flat body.
 *
 * @see docs/paycools.md 3 (https://developers.paycools.co.id/en/common/ApiSignatureProcess.html)
 */
export const asEnvelope = (fields: Fields): Envelope | null => {
  if (fields.length !== 2) return null;
  const param = fieldOf(fields, 'param')?.value;
  const sign = fieldOf(fields, 'sign');
  return typeof param === 'string' && sign !== undefined ? { param, sign: sign.value } : null;
};
