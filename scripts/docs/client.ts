import { readFileSync } from 'node:fs';
import { apiCodes } from '../../src/client/api-codes.ts';
import type { Endpoint } from '../../src/client/endpoints/definition.ts';
import { endpointList } from '../../src/client/endpoints/table.ts';
import { resolutions } from '../../src/client/resolutions.ts';
import { table, withTables } from './markdown.ts';

const pathWords = { documented: 'documented', seen: 'seen in integrations', unconfirmed: '**unconfirmed**' } as const;

const placeOf = ({ http, style, path }: Endpoint): string => {
  const rest = style === 'envelope' ? 'envelope' : http === 'GET' ? 'query' : 'body';
  return path.includes('{') ? `path, ${rest}` : rest;
};

const endpointsTable = (): string =>
  table(
    ['menu', 'method', 'call', 'path is', 'parameters in', 'retried', 'after a lost reply'],
    endpointList.map(({ call, endpoint }) => [
      endpoint.menu,
      `\`${call}\``,
      `[\`${endpoint.http} ${endpoint.path}\`](${endpoint.source})`,
      pathWords[endpoint.pathStatus],
      placeOf(endpoint),
      endpoint.effect === 'read' ? 'yes' : 'if not carried out',
      endpoint.effect === 'read'
        ? ''
        : resolutions[call] === undefined
          ? 'unknown'
          : `queries \`${resolutions[call].query}\``,
    ]),
  );

const RETRY_WORDS = { 'rate-limit': 'yes', transient: 'reads only' } as const;

const codesTable = (): string =>
  table(
    ['code', 'meaning', 'kind', 'retried'],
    apiCodes.map(({ code, kind, meaning }) => [
      String(code),
      meaning,
      `\`${kind}\``,
      (RETRY_WORDS as Readonly<Record<string, string>>)[kind] ?? 'no',
    ]),
  );

/** docs/client.md: written by hand, with generated tables. */
export const clientPage = (): string =>
  withTables(readFileSync('docs/client.md', 'utf8'), { endpoints: endpointsTable(), codes: codesTable() });
