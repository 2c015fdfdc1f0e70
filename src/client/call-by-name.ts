import type { CallOptions } from './caller.ts';
import type { PaycoolsClient } from './create-paycools-client.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** Whether a string from outside is the name of a call. */
export const isCallName = (call: string): call is CallName => findEndpoint(call) !== undefined;

type AnyMethod = (
  parameters: unknown,
  options: CallOptions,
) => Promise<unknown> | AsyncGenerator<unknown, void, undefined>;

/**
 * Calls a method by its name, `payout.status`. The parameters are checked as the method does.
 *
 * @returns what the method returns: a promise of its result, or the rows of a statement
 */
export const callByName = (
  client: PaycoolsClient,
  call: CallName,
  { parameters, ...options }: CallOptions & { readonly parameters: unknown },
): ReturnType<AnyMethod> => {
  const [group, name] = call.split('.') as [keyof PaycoolsClient, string];
  const methods = client[group] as Readonly<Record<string, AnyMethod>>;
  const method = methods[name];
  if (method === undefined) throw new TypeError(`${call} is not a known call`);
  return method(parameters, options);
};
