/** The comment at the top of generated pages. */
export const generatedFrom = (source: string): string =>
  `<!-- Generated from ${source} by \`npm run generate\`; do not edit. -->\n`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

export const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

const MARK = /<!-- table: (\w+) -->\n[\s\S]*?<!-- end -->/g;

/** Replaces the content of a page between `<!-- table: name -->` and `<!-- end -->` by the named table. */
export const withTables = (page: string, tables: Readonly<Record<string, string>>): string =>
  page.replace(MARK, (_, name: string) => {
    if (tables[name] === undefined) throw new TypeError(`there is no table ${name}`);
    return `<!-- table: ${name} -->\n\n${tables[name]}\n\n<!-- end -->`;
  });
