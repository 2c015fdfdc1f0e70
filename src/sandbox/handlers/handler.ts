import type { z } from 'zod';
import type { Endpoint } from '../../client/endpoints/definition.ts';
import type { Endpoints } from '../../client/endpoints/table.ts';
import { type Reply, refuse, succeed } from '../reply.ts';
import type { World } from '../world.ts';

/** Validated parameters of a call; a statement's include the page. */
type CallParameters<Call extends Endpoint> = z.output<Call['request']> &
  (Call['isPaged'] extends true ? { readonly page: number } : unknown);

/** A handler for each call of a group. A call of the table without a handler does not compile. */
export type Handlers<Group extends keyof Endpoints> = {
  readonly [Name in keyof Endpoints[Group]]: Endpoints[Group][Name] extends Endpoint
    ? (parameters: CallParameters<Endpoints[Group][Name]>, world: World) => Reply
    : never;
};

/** Looks up an order or id and replies with `replyTo`, or with 1008 if it is unknown. */
export const replyIfFound = <Found>(
  known: ReadonlyMap<string, Found>,
  name: string,
  replyTo: (found: Found) => Reply,
): Reply => {
  const found = known.get(name);
  return found === undefined ? refuse(1008) : replyTo(found);
};

/** A channel that is refused with 1011. */
export const UNAVAILABLE_CHANNEL = 'UNAVAILABLE';

/** For members that PayCools sends even if they are empty. */
export const orNull = (text: string | undefined): string | null => text ?? null;

type Payer = Partial<Readonly<Record<'appName' | 'customerName' | 'email' | 'mobile', string | undefined>>>;

/** Details of a payment that PayCools returns in queries and statements. */
export const payerDetails = ({ appName, customerName, email, mobile }: Payer) => ({
  appName: orNull(appName),
  customerName: orNull(customerName),
  email: orNull(email),
  mobile: orNull(mobile),
});

/** The reply to a query of the available channels. */
export const listChannels = (...channelCodes: readonly string[]): Reply =>
  succeed(channelCodes.map((channelCode) => ({ channelCode, channelName: channelCode, status: 'ACTIVE' })));
