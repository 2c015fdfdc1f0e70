const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that are invisible or reverse the text direction, and so could hide what a body contains. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const escaped = (text: string): string =>
  text
    .replaceAll(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Text that is already HTML. Only {@link html} creates it, so everything else in a page is escaped. */
class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Html };

/** What a template may contain. Texts are escaped, hidden characters included; null and false are empty; lists are joined. */
export type Content = Html | string | number | null | false | readonly Content[];

const render = (content: Content): string => {
  if (content instanceof Html) return content.toString();
  if (content === null || content === false) return '';
  if (typeof content === 'object') return content.map(render).join('');
  return escaped(String(content));
};

/** Builds HTML from a template. Attribute values must be in double quotes. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(parts.map((part, index) => part + render(contents[index] ?? null)).join(''));
