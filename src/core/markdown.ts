type Row = readonly string[];

const MIN_WIDTH = 3; // of the line of hyphens

/** A table of Markdown, its columns padded as the formatter of this repository does. */
export const markdownTable = (head: Row, rows: readonly Row[]): string => {
  const widths = head.map((_, column) =>
    Math.max(MIN_WIDTH, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const lineOf = (cells: Row): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...rows.map(lineOf)].join('\n');
};

const MARK = /<!-- table: (\w+) -->\n[\s\S]*?<!-- end -->/g;

/**
 * Puts tables into a page, between `<!-- table: name -->` and `<!-- end -->`. What stands there is replaced.
 *
 * @throws TypeError for a name that is no table
 */
export const withTables = (page: string, tables: Readonly<Record<string, string>>): string =>
  page.replace(MARK, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new TypeError(`there is no table ${name}`);
    return `<!-- table: ${name} -->\n\n${table}\n\n<!-- end -->`;
  });
