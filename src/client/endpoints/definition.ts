import { z } from 'zod';
import { recordList, rowList, type TimeField } from './reply-fields.ts';

/** `flat`: each parameter is sent and signed as itself. `envelope`: all of them are one JSON text in `param`. */
export type Style = 'flat' | 'envelope';

/**
 * How certain the path is: documented by PayCools, only seen in public integrations, or our guess. The client's option
 * `paths` can override it.
 */
export type PathStatus = 'documented' | 'seen' | 'unconfirmed';

/**
 * What a call does at PayCools. A `read` is safe to repeat. A `change` (cancel, update) or a `create` is repeated only if
 * PayCools certainly did not carry it out; a query may resolve a `create` whose reply was lost (resolutions.ts).
 */
export type Effect = 'read' | 'change' | 'create';

/** A reply that lists rows, which are read one by one, so that one bad row does not make the others unreadable. */
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
  /** Number of its page in PayCools's menu (docs/paycools.md 1). */
  readonly menu: string;
  /** Title of that page. */
  readonly title: string;
  /** The public page that documents it. */
  readonly source: string;
  readonly http: 'GET' | 'POST';
  /** `{name}` stands for the parameter of that name. */
  readonly path: string;
  readonly pathStatus: PathStatus;
  readonly style: Style;
  readonly effect: Effect;
  /** Whether requests have a `timestamp`, which the client adds when it sends them. */
  readonly hasTimestamp: boolean;
  /** Whether `appName` is required. The client adds its own if the parameters have none. */
  readonly needsAppName: boolean;
  /** Whether parameters of the path are also sent in the query or body, and signed (docs/paycools.md 7). */
  readonly isPathSigned: boolean;
  /** Whether the method reads all pages of `records` instead of returning one reply. */
  readonly isPaged: Paged;
  /** Reply codes that mean success. */
  readonly successCodes: readonly number[];
  /** Schema of the caller's parameters: without `appId`, `timestamp` and `sign`. */
  readonly request: Request;
  /** Schema of the reply's `data`, given the schema that reads a time. */
  readonly reply: (time: TimeField) => Reply;
  /** The rows of a reply that is a list; null for every other reply. */
  readonly list: RowList | null;
};

/** Overrides how a call is sent. Omitted members keep the value of the table. */
export type PathOverride = Partial<Pick<Endpoint, 'path' | 'http' | 'style' | 'isPathSigned'>>;

/** Applies an override to an endpoint; a string overrides the path alone. */
export const withOverride = (endpoint: Endpoint, override: string | PathOverride | undefined): Endpoint =>
  override === undefined
    ? endpoint
    : { ...endpoint, ...(typeof override === 'string' ? { path: override } : override) };

type Described = 'menu' | 'title' | 'source' | 'path' | 'effect' | 'request' | 'reply';
type Description<Request extends z.ZodType, Reply extends z.ZodType> = Pick<Endpoint<Request, Reply>, Described> &
  Partial<Omit<Endpoint<Request, Reply>, Described | 'isPaged' | 'list'>>;

const defaults = {
  http: 'POST',
  pathStatus: 'documented',
  style: 'flat',
  hasTimestamp: false,
  needsAppName: false,
  isPathSigned: false,
  successCodes: [1000],
  list: null,
} as const;

/** Common to the calls of menus 9 to 11. PayCools's sources disagree about their success codes (docs/paycools.md 8.1). */
export const envelopeCall = {
  style: 'envelope',
  hasTimestamp: true,
  successCodes: [1, 1000, 10_000],
} as const;

export const defineEndpoint = <Request extends z.ZodType, Reply extends z.ZodType>(
  description: Description<Request, Reply>,
): Endpoint<Request, Reply, false> => ({ ...defaults, isPaged: false, ...description });

/** Describes a list by the schema of its rows instead of its reply. */
type ListDescription<Request extends z.ZodType, Row extends z.ZodType, Known extends string> = Omit<
  Description<Request, z.ZodType>,
  'reply' | Known
> & { readonly row: (time: TimeField) => Row };

/** Defines a query whose reply is a list of rows. */
export const defineList = <Request extends z.ZodType, Row extends z.ZodType>({
  row,
  ...description
}: ListDescription<Request, Row, never>) => ({
  ...defineEndpoint({ ...description, reply: (time) => rowList.pipe(z.array(row(time))) }),
  list: { find: rowList, row },
});

/** Defines a statement, which is read page by page. */
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
