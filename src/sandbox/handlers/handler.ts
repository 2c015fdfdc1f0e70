import type { z } from 'zod';
import type { Endpoint } from '../../client/endpoints/definition.ts';
import type { Endpoints } from '../../client/endpoints/table.ts';
import { type Reply, refuse } from '../reply.ts';
import type { World } from '../world.ts';

/** Validated parameters of a call; for a statement, with the page. */
type Checked<Called extends Endpoint> = z.output<Called['request']> &
  (Called['isPaged'] extends true ? { readonly page: number } : unknown);

/** One handler for every call of a group: a call of the table without one does not compile. */
export type Handlers<Group extends keyof Endpoints> = {
  readonly [Name in keyof Endpoints[Group]]: Endpoints[Group][Name] extends Endpoint
    ? (parameters: Checked<Endpoints[Group][Name]>, world: World) => Reply
    : never;
};

/** Replies with `replyTo` of what an order or an id names, or with 1008. */
export const withFound = <Found>(
  known: ReadonlyMap<string, Found>,
  name: string,
  replyTo: (found: Found) => Reply,
): Reply => {
  const found = known.get(name);
  return found === undefined ? refuse(1008) : replyTo(found);
};

/** A channel that is switched off (1011). */
export const UNAVAILABLE_CHANNEL = 'UNAVAILABLE';

/** A string or null, for members that PayCools includes even where they are empty. */
export const orNull = (text: string | undefined): string | null => text ?? null;
