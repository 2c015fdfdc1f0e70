import { fitTo, paint, type Style, widthOf } from './format.ts';
import { asJson, type Io, type Screen } from './io.ts';

export type Column<Row> = {
  readonly title: string;
  /** The text of a cell; null is shown as a hyphen. */
  readonly text: (row: Row) => string | number | null;
  /** For numbers. Default left. */
  readonly align?: 'right';
  /** Whether it contains ids. It is narrowed last, because people copy them. */
  readonly isId?: boolean;
  readonly style?: (row: Row) => Style | undefined;
};

export type Table<Row> = {
  /** `--json` prints them unchanged: numbers as numbers, times as ISO 8601. */
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Prints the rows as a JSON array. */
  readonly json: boolean | undefined;
};

const GAP = '  ';
const NARROWEST = 6;

const shownOf = <Row>({ text }: Column<Row>, row: Row): string => String(text(row) ?? '-').replaceAll(/\s+/g, ' ');

/** Narrows the widest column cell by cell until the row fits; columns of ids only if no other column can be narrowed. */
const narrow = (wanted: readonly number[], columns: readonly Column<never>[], space: number): readonly number[] => {
  const widths = [...wanted];
  for (const isId of [false, true]) {
    for (;;) {
      const excess = widths.reduce((sum, width) => sum + width, 0) - space;
      const candidates = widths.map((width, index) => ((columns[index]?.isId ?? false) === isId ? width : 0));
      const widest = candidates.indexOf(Math.max(...candidates));
      const width = candidates[widest] ?? 0;
      if (excess <= 0 || width <= NARROWEST) break;
      widths[widest] = width - 1;
    }
  }
  return widths;
};

const showOnScreen = <Row>(io: Io, screen: Screen, { rows, columns }: Table<Row>): void => {
  const wanted = columns.map((column) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(shownOf(column, row)))),
  );
  const widths = narrow(wanted, columns, screen.columns - GAP.length * (columns.length - 1));
  const cell = (column: Column<Row>, index: number, text: string): string => {
    const fitted = fitTo(text, widths[index] ?? 0);
    const blanks = fitted.length - fitted.trimEnd().length;
    return column.align === 'right' ? ' '.repeat(blanks) + fitted.trimEnd() : fitted;
  };
  const head = columns.map((column, index) => paint(io, 'bold', cell(column, index, column.title)));
  io.out(`${head.join(GAP).trimEnd()}\n`);
  for (const row of rows) {
    const cells = columns.map((column, index) =>
      paint(io, column.style?.(row), cell(column, index, shownOf(column, row))),
    );
    io.out(`${cells.join(GAP).trimEnd()}\n`);
  }
};

/**
 * Prints rows: on a terminal, a table with headers that fits its width; in a file or a pipe, one line per row, with
 * nothing cut; with `--json`, a JSON array.
 */
export const showTable = <Row>(io: Io, table: Table<Row>): void => {
  const { rows, columns, json } = table;
  if (json === true) io.out(asJson(rows));
  else if (rows.length === 0) io.err('Nothing found.\n');
  else if (io.screen !== null) showOnScreen(io, io.screen, table);
  else for (const row of rows) io.out(`${columns.map((column) => shownOf(column, row)).join(GAP)}\n`);
};
