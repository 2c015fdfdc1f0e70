import { markdownTable } from '../core/markdown.ts';
import { apiCodes } from './api-codes.ts';
import type { Endpoint } from './endpoints/definition.ts';
import { endpointList } from './endpoints/table.ts';
import { resolutions } from './resolutions.ts';

const pathWords = { documented: 'documented', seen: 'seen in integrations', unconfirmed: '**unconfirmed**' } as const;

const placeOf = ({ http, style, path }: Endpoint): string => {
  const rest = style === 'envelope' ? 'envelope' : http === 'GET' ? 'query' : 'body';
  return path.includes('{') ? `path, ${rest}` : rest;
};

const endpointsTable = (): string =>
  markdownTable(
    ['menu', 'method', 'call', 'path is', 'parameters in', 'repeated', 'a lost reply'],
    endpointList.map(({ call, endpoint }) => [
      endpoint.menu,
      `\`${call}\``,
      `[\`${endpoint.http} ${endpoint.path}\`](${endpoint.source})`,
      pathWords[endpoint.pathStatus],
      placeOf(endpoint),
      endpoint.effect === 'read' ? 'yes' : 'if nothing arrived',
      endpoint.effect === 'read'
        ? ''
        : resolutions[call] === undefined
          ? 'unknown'
          : `asks \`${resolutions[call].query}\``,
    ]),
  );

const RETRY_WORDS = { 'rate-limit': 'yes', transient: 'reads only' } as const;

const codesTable = (): string =>
  markdownTable(
    ['code', 'meaning', 'kind', 'retried'],
    apiCodes.map(({ code, kind, meaning }) => [
      String(code),
      meaning,
      `\`${kind}\``,
      (RETRY_WORDS as Readonly<Record<string, string>>)[kind] ?? 'no',
    ]),
  );

/** The tables of docs/client.md, made from the tables of the code. */
export const clientDocTables = (): { readonly endpoints: string; readonly codes: string } => ({
  endpoints: endpointsTable(),
  codes: codesTable(),
});
