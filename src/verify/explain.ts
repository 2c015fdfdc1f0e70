import { hash } from 'node:crypto';
import { Secret } from '../core/secret.ts';
import { decode, decodeText } from '../wire/decode.ts';
import { asEnvelope, type Envelope } from '../wire/envelope.ts';
import { type Fields, fieldOf, toRecord } from '../wire/field.ts';
import { canonicalText, SIGN_FIELD } from './canonical.ts';
import { verifyRsa } from './rsa.ts';
import { signFlat } from './sha1-secret.ts';
import { type CallbackKeys, isAddressedTo } from './verify.ts';

/** One step of a verification, for people who want to know why it fails. It never shows a secret. */
type Step = { readonly step: string; readonly result: string };

export type Explanation = {
  readonly isGenuine: boolean;
  readonly scheme: 'sha1-secret' | 'rsa-envelope' | null;
  readonly steps: readonly Step[];
  /** What probably went wrong; null if the body is genuine. */
  readonly likelyMistake: string | null;
};

const explainDropped = (fields: Fields): string => {
  const dropped = fields.flatMap(({ name, text }) => {
    if (name === SIGN_FIELD) return [`${name} (it carries the signature)`];
    if (text === null) return [`${name} (null)`];
    return text === '' ? [`${name} (empty)`] : [];
  });
  return dropped.length === 0 ? 'none' : dropped.join(', ');
};

/** Wrong ways to sign, each with its digest: a matching digest shows what the sender did. */
const mistakes = (fields: Fields, secret: Secret): (readonly [digest: string, mistake: string])[] => {
  const canonical = canonicalText(fields);
  const sha1 = (text: string): string => hash('sha1', text);
  const rewritten = fields.map((field) => {
    const isNumber = typeof field.value === 'string' && field.text === field.value && /^-?\d/.test(field.value);
    return isNumber ? { ...field, text: String(Number(field.value)) } : field;
  });
  const encoded = fields.map((it) => ({ ...it, text: it.text === null ? null : encodeURIComponent(it.text) }));
  return [
    [sha1(canonical), 'it was signed without the secret'],
    [sha1(`${canonical}&secret=`), 'it was signed with an empty secret: the sender has none configured'],
    [signFlat(fields, new Secret(secret.reveal().trim())), 'the configured secret has blanks around it'],
    [signFlat(fields, new Secret(`${secret.reveal()}\n`)), 'it was signed with a line break after the secret'],
    [signFlat(rewritten, secret), 'its numbers were written again before it was signed: 100.00 became 100'],
    [signFlat(encoded, secret), 'its values were URL-encoded before it was signed'],
    [sha1(`${canonical}${secret.reveal()}`), 'the secret was appended without &secret='],
    [sha1(`${canonical}&key=${secret.reveal()}`), 'the secret was appended as key= instead of secret='],
  ];
};

const likelyFlatMistake = (fields: Fields, given: string, secrets: readonly Secret[]): string => {
  for (const secret of secrets) {
    const match = mistakes(fields, secret).find(([digest]) => digest === given.toLowerCase());
    if (match !== undefined) return match[1];
  }
  return 'another secret, or the body was changed after it was signed (parsed and written again by a proxy, say)';
};

const explainFlat = (fields: Fields, { secrets }: CallbackKeys): Explanation => {
  const scheme = 'sha1-secret';
  const given = fieldOf(fields, SIGN_FIELD)?.value;
  const steps: Step[] = [
    { step: 'scheme', result: scheme },
    { step: 'fields left out', result: explainDropped(fields) },
    { step: 'signed text', result: `${canonicalText(fields)}&secret=[secret]` },
  ];
  if (secrets.length === 0) {
    return { isGenuine: false, scheme, steps, likelyMistake: 'no callback secret is configured' };
  }
  const expected = secrets.map((secret) => signFlat(fields, secret));
  steps.push({ step: 'expected sign', result: expected.join(' or ') });
  steps.push({ step: 'given sign', result: typeof given === 'string' ? given : 'missing or not a string' });
  if (typeof given !== 'string' || !/^[0-9a-fA-F]{40}$/.test(given)) {
    return { isGenuine: false, scheme, steps, likelyMistake: 'sign must be a string of exactly 40 hex digits' };
  }
  const isGenuine = expected.includes(given.toLowerCase());
  return { isGenuine, scheme, steps, likelyMistake: isGenuine ? null : likelyFlatMistake(fields, given, secrets) };
};

/** Why an envelope with a valid signature is refused all the same; null if it is not. */
const envelopeMistake = (inner: ReturnType<typeof decodeText>, appId: CallbackKeys['appId']): string | null => {
  if (!inner.ok) return 'what was signed is malformed';
  return isAddressedTo(appId, toRecord(inner.value))
    ? null
    : 'it is for another merchant: its appId is not the configured PAYCOOLS_APP_ID';
};

const explainEnvelope = ({ param, sign }: Envelope, { publicKeys, appId }: CallbackKeys): Explanation => {
  const scheme = 'rsa-envelope';
  const inner = decodeText(param);
  const steps: Step[] = [
    { step: 'scheme', result: scheme },
    { step: 'signed text', result: param },
    { step: 'param', result: inner.ok ? 'is well-formed' : `is malformed: ${inner.error}` },
    {
      step: 'given sign',
      result: typeof sign === 'string' ? `${sign.length} characters of base64` : 'missing or not a string',
    },
  ];
  if (publicKeys.length === 0) {
    return { isGenuine: false, scheme, steps, likelyMistake: 'no public key of PayCools is configured' };
  }
  const fits = typeof sign === 'string' && publicKeys.some((key) => verifyRsa(param, sign, key));
  const mistake = 'another key, a digest other than SHA-256, or param was parsed and written again after it was signed';
  const likelyMistake = fits ? envelopeMistake(inner, appId) : mistake;
  return { isGenuine: fits && likelyMistake === null, scheme, steps, likelyMistake };
};

/**
 * Explains the verification of a captured body step by step. For operators only: the sender, who may be a forger, never
 * learns why a signature failed.
 */
export const explainVerification = (body: Uint8Array, keys: CallbackKeys): Explanation => {
  const decoded = decode(body);
  if (!decoded.ok) {
    const steps = [{ step: 'decode', result: `malformed: ${decoded.error}` }];
    return { isGenuine: false, scheme: null, steps, likelyMistake: 'the body is not a well-formed JSON object' };
  }
  const envelope = asEnvelope(decoded.value);
  const explanation = envelope === null ? explainFlat(decoded.value, keys) : explainEnvelope(envelope, keys);
  return {
    ...explanation,
    steps: [{ step: 'decode', result: `${decoded.value.length} members` }, ...explanation.steps],
  };
};
