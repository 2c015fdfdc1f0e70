import type { z } from 'zod';
import { type Caller, type CallOptions, createCaller } from './caller.ts';
import type { Endpoint } from './endpoints/definition.ts';
import { type CallName, type Endpoints, endpoints } from './endpoints/table.ts';
import { type PaycoolsClientOptions, readSettings } from './settings.ts';
import { type StatementOptions, walkStatement } from './statement.ts';

/** Parameters may be left out where none is mandatory. */
type Arguments<Parameters, Options> =
  Record<never, never> extends Parameters
    ? [parameters?: Parameters, options?: Options]
    : [parameters: Parameters, options?: Options];

type Rows<Reply> = Reply extends readonly (infer Row)[] ? Row : never;

type Method<Called> =
  Called extends Endpoint<infer Request, infer Reply, infer Paged>
    ? Paged extends true
      ? (
          ...args: Arguments<z.input<Request>, StatementOptions>
        ) => AsyncGenerator<Rows<z.output<Reply>>, void, undefined>
      : (...args: Arguments<z.input<Request>, CallOptions>) => Promise<z.output<Reply>>
    : never;

/** A method for each call of PayCools's API, by group. Derived from the table in endpoints/. */
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

const methodOf = (caller: Caller, call: CallName, { isPaged }: Endpoint) =>
  isPaged
    ? (...args: [unknown, StatementOptions?]) => statement(caller, call, args)
    : async (parameters: unknown = {}, options: CallOptions = {}) =>
        caller.send(call, caller.check(call, parameters), options);

/**
 * Creates a client of PayCools's API: a method for each call, named and typed after the table in endpoints/. It needs
 * only fetch.
 *
 * Parameters and results have PayCools's own names. Money is in integer centavos, times in results are ISO 8601 in UTC,
 * and `appId`, `timestamp` and `sign` are added.
 *
 * @throws TypeError where an option is wrong
 * @see PAYCOOLS.md 7 to 9 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const createPaycoolsClient = (options: PaycoolsClientOptions): PaycoolsClient => {
  const caller = createCaller(readSettings(options));
  const groups = Object.entries(endpoints).map(([group, methods]) => [
    group,
    Object.fromEntries(
      Object.entries<Endpoint>(methods).map(([name, endpoint]) => [
        name,
        methodOf(caller, `${group}.${name}` as CallName, endpoint),
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as PaycoolsClient; // the table says which methods there are and what they take
};
