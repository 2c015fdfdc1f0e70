import type { Fields } from './field.ts';

/** Bytes by which a body may exceed its compact form, such as for blanks or the line breaks of a pretty printer. */
const MAX_PADDING = 256;

/** The fewest bytes that the members can take, however they are written. */
const leastLength = (fields: Fields): number => {
  let length = 0;
  for (const { name, text } of fields) if (text !== null && text !== '') length += name.length + text.length;
  return length;
};

/**
 * Removes padding: a body that is much longer than its members need is written again, without blanks and without empty
 * members, which are never signed. It verifies as before.
 */
export const withoutPadding = (body: Uint8Array, fields: Fields): Uint8Array => {
  if (body.length <= leastLength(fields) + MAX_PADDING) return body;
  const members = fields.flatMap(({ name, text, value }) => {
    if (text === null || text === '') return [];
    return [`${JSON.stringify(name)}:${typeof value === 'string' ? JSON.stringify(value) : text}`];
  });
  const compact = new TextEncoder().encode(`{${members.join(',')}}`);
  return body.length > compact.length + MAX_PADDING ? compact : body;
};
