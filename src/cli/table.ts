import { asJson, type Io } from './io.ts';

/** How a row is shown to people, and what `--json` prints of it. */
export type Row = Readonly<Record<string, string | null>>;

/** Prints rows: a line each for people, an array with `--json`. */
export const showRows = (io: Io, rows: readonly Row[], json: boolean | undefined): void => {
  if (json === true) io.out(asJson(rows));
  else if (rows.length === 0) io.err('There is nothing.\n');
  else
    for (const row of rows)
      io.out(
        `${Object.values(row)
          .map((it) => it ?? '-')
          .join('  ')}\n`,
      );
};
