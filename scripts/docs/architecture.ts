import { readFileSync } from 'node:fs';
import { rooms } from '../../test/architecture/rooms.ts';
import { code, table, withTables } from './markdown.ts';

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.map(code).join(', '));

const roomsTable = (): string =>
  table(
    ['folder', 'other folders', 'packages and modules of Node.js', 'because'],
    Object.entries(rooms).map(([room, { rooms: others, packages, because }]) => [
      code(room),
      listed(others),
      listed(packages),
      because,
    ]),
  );

/** docs/architecture.md: written by hand, with a generated table of the import rules. */
export const architecturePage = (): string =>
  withTables(readFileSync('docs/architecture.md', 'utf8'), { rooms: roomsTable() });
