/** A JSON value whose numbers are exact: a number that a double would change is kept as its text. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonRecord = { readonly [name: string]: JsonValue };

/** The value of a JSON text; undefined if it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The value if it is a string, else null. */
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
