import { z } from 'zod';
import { recordList, rowList, type TimeField } from './reply-fields.ts';

/** `flat`: parameters side by side, all of them signed. `envelope`: parameters as one JSON text in `param`. */
export type Style = 'flat' | 'envelope';

/**
 * How certain the path is: documented by PayCools, seen in public integrations only, or our guess, which the client's
 * `paths` can override.
 */
export type PathStatus = 'documented' | 'seen' | 'unconfirmed';

/**
 * What a call does at PayCools. Only a `read` may be repeated freely. A `change` (cancel, update) and a `create` are
 * repeated only where nothing can have reached PayCools; a lost `create` may be resolved by a query (resolutions.ts).
 */
export type Effect = 'read' | 'change' | 'create';

/** A reply that lists rows. Each is read by itself, so that an odd one does not take the others with it. */
type RowList = {
  /** Finds the rows in `data`, without reading them. */
  readonly find: z.ZodType<readonly unknown[]>;
  readonly row: (time: TimeField) => z.ZodType;
};

/** One call of PayCools's API: everything that the client, sandbox, docs and command line need to know about it. */
export type Endpoint<
  Request extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  Paged extends boolean = boolean,
> = {
  /** Number of its page in the menu of PayCools (PAYCOOLS.md 1). */
  readonly menu: string;
  readonly title: string;
  /** The public page that documents it. */
  readonly source: string;
  readonly http: 'GET' | 'POST';
  /** `{name}` stands for the parameter of that name. */
  readonly path: string;
  readonly pathStatus: PathStatus;
  readonly style: Style;
  readonly effect: Effect;
  /** Whether the call takes `timestamp`, which the client adds at the moment of sending. */
  readonly hasTimestamp: boolean;
  /** Whether `appName` is mandatory: the client adds its own where the call has none. */
  readonly needsAppName: boolean;
  /** Whether the path's parameters are parameters of the query and of the signed text too (PAYCOOLS.md 7). */
  readonly isPathSigned: boolean;
  /** Whether the method walks through all pages of `records` instead of returning one reply. */
  readonly isPaged: Paged;
  /** Reply codes that mean success. */
  readonly successCodes: readonly number[];
  /** Parameters as a caller gives them: without appId, timestamp and sign. */
  readonly request: Request;
  /** `data` of the reply, given the schema that reads a time. */
  readonly reply: (time: TimeField) => Reply;
  /** Where `data` is a list of rows: null for every other reply. */
  readonly list: RowList | null;
};

/** How a call is sent where PayCools expects it differently from the table. Members left out keep the table's value. */
export type PathOverride = {
  /** `{name}` stands for the parameter of that name. */
  readonly path?: string;
  readonly http?: 'GET' | 'POST';
  readonly style?: Style;
  /** Whether parameters of the path are signed and sent beside it too. */
  readonly isPathSigned?: boolean;
};

/** The endpoint as it is sent where PayCools expects it differently; a text is another path. */
export const withOverride = (endpoint: Endpoint, override: string | PathOverride | undefined): Endpoint =>
  override === undefined
    ? endpoint
    : { ...endpoint, ...(typeof override === 'string' ? { path: override } : override) };

type Described = 'menu' | 'title' | 'source' | 'path' | 'effect' | 'request' | 'reply';
type Description<Request extends z.ZodType, Reply extends z.ZodType> = Pick<Endpoint<Request, Reply>, Described> &
  Partial<Omit<Endpoint<Request, Reply>, Described | 'isPaged' | 'list'>>;

const ordinary = {
  http: 'POST',
  pathStatus: 'documented',
  style: 'flat',
  hasTimestamp: false,
  needsAppName: false,
  isPathSigned: false,
  successCodes: [1000],
  list: null,
} as const;

/** What the calls of menu 9 to 11 share. PayCools's sources disagree about their success codes (PAYCOOLS.md 8.1). */
export const envelopeCall = {
  style: 'envelope',
  hasTimestamp: true,
  successCodes: [1, 1000, 10_000],
} as const;

export const defineEndpoint = <Request extends z.ZodType, Reply extends z.ZodType>(
  description: Description<Request, Reply>,
): Endpoint<Request, Reply, false> => ({ ...ordinary, isPaged: false, ...description });

/** What a list is described by: the schema of its rows in place of that of its reply. */
type ListDescription<Request extends z.ZodType, Row extends z.ZodType, Known extends string> = Omit<
  Description<Request, z.ZodType>,
  'reply' | Known
> & { readonly row: (time: TimeField) => Row };

/** A query whose reply is a list of rows. */
export const defineList = <Request extends z.ZodType, Row extends z.ZodType>({
  row,
  ...description
}: ListDescription<Request, Row, never>) => ({
  ...defineEndpoint({ ...description, reply: (time) => rowList.pipe(z.array(row(time))) }),
  list: { find: rowList, row },
});

/** A statement: read page by page, each with a timestamp of its own. */
export const defineStatement = <Request extends z.ZodType, Row extends z.ZodType>({
  row,
  ...description
}: ListDescription<Request, Row, 'effect'>) => ({
  ...defineEndpoint({
    effect: 'read',
    hasTimestamp: true,
    ...description,
    reply: (time) => recordList.pipe(z.array(row(time))),
  }),
  isPaged: true as const,
  list: { find: recordList, row },
});
