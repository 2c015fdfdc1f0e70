/** The size of every body here: the default of BODY_LIMIT, the most that an attacker can send. */
export const BODY_BYTES = 65_536;

const SIGN = `"sign":"${'0'.repeat(40)}"`;
const RSA_SIGN = `${'A'.repeat(342)}==`;

/** A forged callback that looks like a genuine one. The others are compared with it. */
export const ordinaryForgery = `{"amount":312500,"createTime":"2022-05-31 09:38:03","eventName":"disbursement.success","mchOrderId":"CQPL1653961082230623","remark":"cash credit","returnTime":"2022-05-31 09:38:56","transactionId":"D1032653961082864323","transactionStatus":"COMPLETE",${SIGN}}`;

/** Repeats a unit between two texts until the body is full. */
const fill = (before: string, unit: string, after: string): string => {
  const room = BODY_BYTES - Buffer.byteLength(before) - Buffer.byteLength(after);
  return before + unit.repeat(Math.floor(room / Buffer.byteLength(unit))) + after;
};

const text = (unit: string): string => fill('{"a":"', unit, `",${SIGN}}`);
const list = (item: string): string => fill('{"a":[', `${item},`, `0],${SIGN}}`);

/** A body full of different members. */
const members = (value: string, bytes = BODY_BYTES): string => {
  let body = `{${SIGN}`;
  for (let index = 0; ; index += 1) {
    const member = `,"${index.toString(36)}":${value}`;
    if (body.length + member.length >= bytes) return `${body}}`;
    body += member;
  }
};

const enveloped = (param: string): string => JSON.stringify({ param, sign: RSA_SIGN });

/** Bodies that make a decoder work as hard as their size allows, by what they are made of. */
export const hostileBodies: ReadonlyMap<string, string> = new Map([
  ['array of numbers', list('1')],
  ['array of fractions', list('1e1')],
  ['array of texts', list('""')],
  ['array of nulls', list('null')],
  ['array of objects', list('{}')],
  ['array of arrays', list('[]')],
  ['array of nested objects', list('{"a":{"a":{"a":{"a":1}}}}')],
  ['array with blanks', list(' 1 ')],
  ['nested members', `{"a":${members('1', BODY_BYTES - 70)},${SIGN}}`],
  ['members', members('1')],
  ['members of fractions', members('0.1')],
  ['members of lists', members('[]')],
  ['members with escapes', members('"\\n"')],
  ['empty members', members('""')],
  ['escapes', text('\\n')],
  ['escaped quotes', text('\\"')],
  ['escaped backslashes', text('\\\\')],
  ['unicode escapes', text('\\u00e9')],
  ['surrogate pairs', text('\\ud83d\\ude00')],
  ['accents', text('é')],
  ['emoji', text('😀')],
  ['one long text', text('x')],
  ['one long name', fill('{"', 'n', `":1,${SIGN}}`)],
  ['one long number', fill('{"a":', '1', `,${SIGN}}`)],
  ['one long fraction', fill('{"a":0.', '1', `,${SIGN}}`)],
  ['one long exponent', fill('{"a":1e', '1', `,${SIGN}}`)],
  ['blanks', fill('{"a":1,', ' ', `${SIGN}}`)],
  ['an unterminated text', fill('{"a":"', 'x', '')],
  ['unterminated backslashes', fill('{"a":"', '\\', '')],
  ['runs of backslashes', fill('{"a":"', `${'\\'.repeat(255)}"`, '')],
  ['half backslashes, half quotes', `{"a":"${'\\'.repeat(32_000)}${'"'.repeat(32_000)}`],
  ['quotes', fill('{"a":', '"', '')],
  ['control characters', fill('{"a":"', '\u0001', '"}')],
  ['open brackets', '['.repeat(BODY_BYTES)],
  ['open objects', fill('', '{"a":', '')],
  ['an envelope', enveloped('x'.repeat(65_000))],
  ['an envelope of escapes', enveloped('"'.repeat(32_500))],
  ['an envelope of members', enveloped(members('1', 50_000))],
]);
