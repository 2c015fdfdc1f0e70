import type { z } from 'zod';
import { type Caller, type CallOptions, createCaller } from './caller.ts';
import type { Endpoint } from './endpoints/definition.ts';
import { type CallName, type Endpoints, endpoints } from './endpoints/table.ts';
import { type PaycoolsClientOptions, readSettings } from './settings.ts';
import { type StatementOptions, walkStatement } from './statement.ts';

/** Parameters can be omitted if none of them is required. */
type Arguments<Parameters, Options> =
  Record<never, never> extends Parameters
    ? [parameters?: Parameters, options?: Options]
    : [parameters: Parameters, options?: Options];

type Rows<Reply> = Reply extends readonly (infer Row)[] ? Row : never;

type Method<Definition> =
  Definition extends Endpoint<infer Request, infer Reply, infer Paged>
    ? Paged extends true
      ? (
          ...args: Arguments<z.input<Request>, StatementOptions>
        ) => AsyncGenerator<Rows<z.output<Reply>>, void, undefined>
      : (...args: Arguments<z.input<Request>, CallOptions>) => Promise<z.output<Reply>>
    : never;

/** A method for each call of PayCools's API, grouped by product. */
export type PaycoolsClient = {
  readonly [Group in keyof Endpoints]: {
    readonly [Name in keyof Endpoints[Group]]: Method<Endpoints[Group][Name]>;
  };
};

/** Parameters of a call: `ParametersOf<'payout.create'>`. */
export type ParametersOf<Call extends CallName> = Call extends `${infer Group extends keyof Endpoints}.${infer Name}`
  ? Name extends keyof Endpoints[Group]
    ? Endpoints[Group][Name] extends Endpoint<infer Request>
      ? z.input<Request>
      : never
    : never
  : never;

async function* statement(
  caller: Caller,
  call: CallName,
  [parameters, options]: readonly [unknown, StatementOptions?],
) {
  yield* walkStatement(caller, { call, parameters: caller.check(call, parameters) }, options ?? {});
}

const createMethod = (caller: Caller, call: CallName, { isPaged }: Endpoint) =>
  isPaged
    ? (...args: [unknown, StatementOptions?]) => statement(caller, call, args)
    : async (parameters: unknown = {}, options: CallOptions = {}) =>
        caller.send(call, caller.check(call, parameters), options);

/**
 * Creates a client for PayCools's API, with a method for each call. It needs only `fetch`.
 *
 * Parameters and results use PayCools's own field names. Money is integer centavos, and times in results are ISO 8601
 * in UTC. The client adds `appId`, `timestamp` and `sign`, and its `appName` if a call requires one.
 *
 * @throws TypeError if an option is invalid
 * @see docs/paycools.md 7 to 9 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const createPaycoolsClient = (options: PaycoolsClientOptions): PaycoolsClient => {
  const caller = createCaller(readSettings(options));
  const groups = Object.entries(endpoints).map(([group, methods]) => [
    group,
    Object.fromEntries(
      Object.entries<Endpoint>(methods).map(([name, endpoint]) => [
        name,
        createMethod(caller, `${group}.${name}` as CallName, endpoint),
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as PaycoolsClient; // both are derived from the table
};
