import type { Fields } from './field.ts';

/** How much longer than needed a body may be: blanks between members, or line breaks of a pretty printer. */
const PADDING = 256;

const textOf = (value: unknown, text: string): string => (typeof value === 'string' ? JSON.stringify(value) : text);

/** How long the members are at least, however they are written. */
const leastLength = (fields: Fields): number => {
  let length = 0;
  for (const { name, text } of fields) if (text !== null && text !== '') length += name.length + text.length;
  return length;
};

/**
 * A body without padding: where it is much longer than its members need, they are written again, without blanks and
 * without the empty ones, which are never signed. It verifies as it did before.
 */
export const withoutPadding = (body: Uint8Array, fields: Fields): Uint8Array => {
  if (body.length <= leastLength(fields) + PADDING) return body;
  const members = fields.flatMap(({ name, text, value }) =>
    text === null || text === '' ? [] : [`${JSON.stringify(name)}:${textOf(value, text)}`],
  );
  const compact = new TextEncoder().encode(`{${members.join(',')}}`);
  return body.length > compact.length + PADDING ? compact : body;
};
