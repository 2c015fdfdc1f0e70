import { z } from 'zod';

export const origins = ['callback', 'reconciliation'] as const;
/** How an event reached us: PayCools called back, or a reconciliation asked PayCools. */
export type Origin = (typeof origins)[number];

/** A time as events carry it: ISO 8601 in UTC with milliseconds. */
export const utc = z.iso.datetime({ precision: 3 });

const SOURCE_PREFIX = 'urn:paycools:';
const TYPE_PREFIX = 'com.paycools.';

/** An event type: `com.paycools.` and its name. */
export type EventTypeName<Name extends string = string> = `${typeof TYPE_PREFIX}${Name}`;

export const eventTypeOf = <Name extends string>(name: Name): EventTypeName<Name> => `${TYPE_PREFIX}${name}`;

/** An event type without its common prefix, for people. */
export const shortType = (type: string): string => type.replace(TYPE_PREFIX, '');

/** `urn:paycools:<merchant>`. */
export const sourceOf = (merchant: string): string => `${SOURCE_PREFIX}${merchant}`;

/** The merchant that an event is for: the inverse of {@link sourceOf}. */
export const merchantOf = ({ source }: { readonly source: string }): string => source.slice(SOURCE_PREFIX.length);

/** `urn:paycools-webhooks:<name>:<version>`; the version is raised when a consumer would have to change. */
export const dataSchemaOf = (name: string, version = 1): string => `urn:paycools-webhooks:${name}:${version}`;

/** The attributes that CloudEvents 1.0 requires, and two extensions (`origin`, `receivedat`). */
const envelopeShape = {
  specversion: z.literal('1.0'),
  id: z
    .string()
    .regex(/^evt_[0-9a-f]{32}$/)
    .describe('The same for the same fact, however it is received.'),
  source: z.string().describe('urn:paycools:<merchant>'),
  subject: z.string().describe("PayCools's id of what the event is about."),
  time: utc.describe('When it happened: completion, else creation, else reception. UTC.'),
  datacontenttype: z.literal('application/json'),
  origin: z.enum(origins),
  receivedat: utc.describe('When we received it. UTC.'),
};

/** The schema of the CloudEvents envelope around `data`, for events of these types. */
export const envelopeSchema = <Type extends z.ZodType<string>, Data extends z.ZodType>(
  type: Type,
  dataschema: string,
  data: Data,
) => z.object({ ...envelopeShape, type, dataschema: z.literal(dataschema), data });

/** A type whose members cannot be assigned, at any depth. */
export type Immutable<Type> = Type extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : Type extends object
    ? { readonly [Name in keyof Type]: Immutable<Type[Name]> }
    : Type;

/** The CloudEvents 1.0 envelope around `data`. */
export type CloudEvent<Type extends string, Data> = Readonly<z.infer<z.ZodObject<typeof envelopeShape>>> & {
  readonly type: Type;
  readonly dataschema: string;
  readonly data: Data;
};

/** The attributes that differ between events. */
type EventParts<Type extends string, Data> = Omit<CloudEvent<Type, Data>, 'specversion' | 'datacontenttype'>;

/** Builds an event. Only this function knows the attributes that all events share, and their order. */
export const cloudEvent = <Type extends string, Data>({
  id,
  source,
  type,
  subject,
  time,
  dataschema,
  origin,
  receivedat,
  data,
}: EventParts<Type, Data>): CloudEvent<Type, Data> => ({
  specversion: '1.0',
  id,
  source,
  type,
  subject,
  time,
  datacontenttype: 'application/json',
  dataschema,
  origin,
  receivedat,
  data,
});
