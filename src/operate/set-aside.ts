import type { Amount } from '../core/money.ts';
import type { SetAside, SetAsideCallback } from '../receive/ports.ts';
import { claimsOf } from './claims.ts';
import type { ActionResult, Attribution, Operations } from './operations.ts';

/** A callback that was set aside in the spool: the ids and amount that it claims, without its body. */
export type SetAsideItem = Omit<SetAsideCallback, 'body'> & {
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly amount: Amount | null;
};

export const setAsideVerbs = ['retry', 'discard'] as const;
export type SetAsideVerb = (typeof setAsideVerbs)[number];

/** Some callbacks by their sequence numbers in the spool, or all of them. */
export type SetAsideSelection = readonly number[] | 'all';

/** What operators can do with the callbacks that are set aside in the spool of one receiver. */
export interface SetAsideOperations {
  /** Number of callbacks. */
  count(): number;
  /** At most 500 callbacks, oldest first. */
  list(): readonly SetAsideItem[];
  /** Returns callbacks to the spool to be retried, or deletes them. Audited. */
  act(verb: SetAsideVerb, selection: SetAsideSelection, by: Attribution): AsyncIterable<ActionResult>;
}

const MAX_ITEMS = 500;

const MESSAGES: Readonly<Record<SetAsideVerb, string>> = {
  retry: 'is back in the spool, to be moved to Redis',
  discard: 'deleted from the spool',
};

const itemOf = ({ body, ...callback }: SetAsideCallback): SetAsideItem => {
  const { merchantOrderId, transactionId, amount } = claimsOf(body);
  return { ...callback, merchantOrderId, transactionId, amount };
};

export type SetAsideOptions = {
  readonly setAside: SetAside;
  /** Resolves the finding that reports a callback. */
  readonly closeFinding: (callback: SetAsideCallback, message: string) => Promise<void>;
  readonly recordAction: Operations['recordAction'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Builds the operators' actions on the spool of this receiver. */
export const createSetAsideOperations = (options: SetAsideOptions): SetAsideOperations => {
  const { setAside, closeFinding, recordAction, now } = options;

  const actOn = async (verb: SetAsideVerb, seq: number, callback: SetAsideCallback | undefined, by: Attribution) => {
    const item = callback && itemOf(callback);
    const isDone = setAside[verb](seq);
    const names = [item?.transactionId, item?.merchantOrderId && `order ${item.merchantOrderId}`].filter(Boolean);
    const message = isDone ? [MESSAGES[verb], ...names].join(', ') : 'is not set aside here';
    const result = { id: `${seq}`, isDone, message };
    const about = item?.transactionId ?? item?.merchantOrderId ?? result.id;
    await recordAction({ at: now(), action: `${verb}-set-aside`, ...by, ...result, about });
    // The finding of a retried callback is resolved once Redis has stored it.
    if (isDone && verb === 'discard' && callback) await closeFinding(callback, 'discarded from the spool');
    return result;
  };

  return {
    count: () => setAside.count,
    list: () => setAside.list(MAX_ITEMS).map(itemOf),
    act: async function* (verb, selection, by) {
      // Bounded by the current count, because a retried callback may be set aside again meanwhile.
      for (let remaining = selection === 'all' ? setAside.count : selection.length; remaining > 0; ) {
        const callbacks = new Map(setAside.list(MAX_ITEMS).map((callback) => [callback.seq, callback]));
        const chosen = selection === 'all' ? [...callbacks.keys()].slice(0, remaining) : selection;
        for (const seq of chosen) yield await actOn(verb, seq, callbacks.get(seq), by);
        remaining = chosen.length === 0 ? 0 : remaining - chosen.length;
      }
    },
  };
};
