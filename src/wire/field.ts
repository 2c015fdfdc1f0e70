import type { JsonRecord, JsonValue } from '../core/json.ts';

/** One member of a decoded body. */
export type Field = {
  readonly name: string;
  /**
   * The value as it is signed: a string decoded, a number and a boolean as written, a nested value as its source
   * without insignificant whitespace, null for null.
   *
   * @see docs/paycools.md 2, the table of chosen readings
   */
  readonly text: string | null;
  readonly value: JsonValue;
};

/** The members of a decoded body, sorted by name (by UTF-16 code unit), each name once. */
export type Fields = readonly Field[];

/** The field with this name. A body has about ten fields, so a scan is faster than an index. */
export const fieldOf = (fields: Fields, name: string): Field | undefined => fields.find((field) => field.name === name);

/** The fields as an object for schemas and for `raw`. `__proto__` cannot be among them: the decoder refuses it. */
export const toRecord = (fields: Fields): JsonRecord => {
  const record: Record<string, JsonValue> = {};
  for (const { name, value } of fields) record[name] = value;
  return record;
};

/** Sorts by UTF-16 code unit, which is what `<` on strings compares. */
export const byName = (left: Field, right: Field): number =>
  left.name < right.name ? -1 : left.name > right.name ? 1 : 0;

/** The number, if a double writes it back exactly as it was written; else its text. */
export const exactNumber = (text: string): number | string => {
  const number = Number(text);
  return String(number) === text ? number : text;
};
