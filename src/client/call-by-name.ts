import type { CallOptions } from './caller.ts';
import type { PaycoolsClient } from './create-paycools-client.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** Whether a string is the name of a call, such as `payout.status`. */
export const isCallName = (call: string): call is CallName => findEndpoint(call) !== undefined;

type AnyMethod = (
  parameters: unknown,
  options: CallOptions,
) => Promise<unknown> | AsyncGenerator<unknown, void, undefined>;

/**
 * Calls a method by its name, such as `payout.status`. The method validates the parameters.
 *
 * @returns what the method returns: a promise of its result, or the rows of a statement
 * @throws TypeError if there is no such call
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
