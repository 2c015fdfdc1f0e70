import type { Fields } from './field.ts';

/** How much longer than needed a body may be: blanks between members, or line breaks of a pretty printer. */
const PADDING = 256;

const textOf = (value: unknown, text: string): string => (typeof value === 'string' ? JSON.stringify(value) : text);

/**
 * A body without padding: where it is much longer than its members need, they are written again, without blanks and
 * without the empty ones, which are never signed. It verifies as it did before.
 */
export const withoutPadding = (body: Uint8Array, fields: Fields): Uint8Array => {
  const members = fields.flatMap(({ name, text, value }) =>
    text === null || text === '' ? [] : [`${JSON.stringify(name)}:${textOf(value, text)}`],
  );
  const compact = new TextEncoder().encode(`{${members.join(',')}}`);
  return body.length > compact.length + PADDING ? compact : body;
};
