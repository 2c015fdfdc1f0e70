import type { Amount } from '../core/money.ts';
import type { SetAside, SetAsideCallback } from '../receive/ports.ts';
import { claimsOf } from './claims.ts';
import type { Acting, ActionResult, Operations } from './operations.ts';

/** A callback that is set aside in a spool, with what it claims; without its body. */
export type SetAsideItem = Omit<SetAsideCallback, 'body'> & {
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly amount: Amount | null;
};

export const setAsideVerbs = ['retry', 'discard'] as const;
export type SetAsideVerb = (typeof setAsideVerbs)[number];

/** Some callbacks by their place in the spool, or all of them. */
export type SetAsideSelection = readonly number[] | 'all';

/** What operators can do with callbacks that are set aside in the spool of one receiver. */
export interface SetAsideOperations {
  /** How many there are. */
  count(): number;
  /** The oldest first, at most 500. */
  list(): readonly SetAsideItem[];
  /** Lets the spool try some of them again, or deletes them. Audited. */
  act(verb: SetAsideVerb, selection: SetAsideSelection, acting: Acting): AsyncIterable<ActionResult>;
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
  /** Resolves the finding that reports one. */
  readonly closeFinding: (callback: SetAsideCallback, message: string) => Promise<void>;
  readonly noteAction: Operations['noteAction'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Builds the operators' actions on the spool of this receiver. */
export const createSetAsideOperations = (options: SetAsideOptions): SetAsideOperations => {
  const { setAside, closeFinding, noteAction, now } = options;

  const actOn = async (verb: SetAsideVerb, seq: number, callback: SetAsideCallback | undefined, acting: Acting) => {
    const item = callback && itemOf(callback);
    const isDone = setAside[verb](seq);
    const names = [item?.transactionId, item?.merchantOrderId && `order ${item.merchantOrderId}`].filter(Boolean);
    const message = isDone ? [MESSAGES[verb], ...names].join(', ') : 'is not set aside here';
    const result = { id: `${seq}`, isDone, message };
    const about = item?.transactionId ?? item?.merchantOrderId ?? result.id;
    await noteAction({ at: now(), action: `${verb}-set-aside`, ...acting, ...result, about });
    // That of a retry is resolved when Redis has taken the callback.
    if (isDone && verb === 'discard' && callback) await closeFinding(callback, 'discarded from the spool');
    return result;
  };

  return {
    count: () => setAside.count,
    list: () => setAside.list(MAX_ITEMS).map(itemOf),
    act: async function* (verb, selection, acting) {
      // As many as there are now: what is retried may be set aside again meanwhile.
      for (let left = selection === 'all' ? setAside.count : selection.length; left > 0; ) {
        const callbacks = new Map(setAside.list(MAX_ITEMS).map((callback) => [callback.seq, callback]));
        const chosen = selection === 'all' ? [...callbacks.keys()].slice(0, left) : selection;
        for (const seq of chosen) yield await actOn(verb, seq, callbacks.get(seq), acting);
        left = chosen.length === 0 ? 0 : left - chosen.length;
      }
    },
  };
};
