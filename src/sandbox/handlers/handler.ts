import type { z } from 'zod';
import type { Endpoint } from '../../client/endpoints/definition.ts';
import type { Endpoints } from '../../client/endpoints/table.ts';
import type { Reply } from '../reply.ts';
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

/** A channel that is switched off (1011). */
export const UNAVAILABLE_CHANNEL = 'UNAVAILABLE';

/** A string or null, for members that PayCools includes even where they are empty. */
export const orNull = (text: string | undefined): string | null => text ?? null;
