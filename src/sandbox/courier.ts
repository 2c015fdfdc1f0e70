import { signCallback, signEnvelope } from '../verify/callback.ts';
import { createAgenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Chaos, SandboxProduct, SandboxSettings } from './options.ts';

type CallbackFields = Readonly<Record<string, string | number | null>>;

/** A callback on its way: where to, and what it says. */
type Parcel = {
  readonly product: SandboxProduct;
  readonly url: string | null;
  readonly fields: CallbackFields;
};

/** A callback that was sent, or was not. */
export type SentCallback = {
  readonly eventName: string;
  readonly url: string | null;
  /** The body as it was posted. */
  readonly body: string;
  readonly fate: 'sent' | 'lost' | 'no-address' | 'unreachable';
  readonly httpStatus: number | null;
  /** What the receiver answered. */
  readonly reply: string | null;
};

/** Sends signed callbacks, with the chaos that is wanted, and runs what is to happen later. */
export type Courier = AsyncDisposable & {
  readonly sent: readonly SentCallback[];
  /** Sends with chaos. Settles when it has arrived, or will not do so soon. */
  readonly send: (parcel: Parcel) => Promise<void>;
  /** Sends without chaos and waits for the answer. */
  readonly ask: (parcel: Parcel) => Promise<SentCallback>;
  readonly later: (ms: number, task: () => void) => void;
  /** Says that something is to happen, so that `settled` waits for it; call the result when it has. */
  readonly expect: () => () => void;
  /** Waits until nothing is to happen any more and everything is delivered. */
  readonly settled: () => Promise<void>;
};

type CourierParts = { readonly settings: SandboxSettings; readonly chance: Chance };

const ANSWER_LIMIT_MS = 10_000;

const spoil = (body: string): string =>
  body.replace(/"sign":"(.)/, (_, first) => `"sign":"${first === '0' ? '1' : '0'}`);

/** The signed body: flat, or an envelope where the product wants one and there is a key for it. */
const bodyOf = (
  { product, fields }: Parcel,
  { callbackSecret, callbackPrivateKey, enveloped }: SandboxSettings,
): string =>
  callbackPrivateKey !== null && enveloped.includes(product)
    ? signEnvelope(fields, callbackPrivateKey)
    : signCallback(fields, callbackSecret);

type Outcome = Pick<SentCallback, 'fate' | 'httpStatus' | 'reply'>;

const unsent = (fate: SentCallback['fate']): Outcome => ({ fate, httpStatus: null, reply: null });

type Note = Parcel & Outcome & { readonly body: string };

const note = (sent: SentCallback[], { fields, product: _, ...rest }: Note): SentCallback => {
  const callback = { eventName: String(fields['eventName']), ...rest };
  sent.push(callback);
  return callback;
};

const post = async (url: string, body: string, signal: AbortSignal): Promise<Outcome> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
    });
    return { fate: 'sent', httpStatus: response.status, reply: await response.text() };
  } catch {
    return unsent('unreachable');
  }
};

/** What chance does to a callback. The same order has the same luck with the same seed. */
const luckOf = ({ fields }: Parcel, { settings: { chaos }, chance }: CourierParts) => {
  const about = [fields['eventName'], fields['mchOrderId'] ?? fields['mchRefundOrderId'] ?? fields['requestId']];
  const happens = (what: keyof Chaos): boolean => chance(`${what} ${about.join(' ')}`) < chaos[what];
  return {
    isLost: happens('lost'),
    isSpoilt: happens('wrongSign'),
    isHeld: happens('disorder'),
    copies: happens('duplicate') ? 2 : 1,
  };
};

export const createCourier = (parts: CourierParts): Courier => {
  const { settings } = parts;
  const sent: SentCallback[] = [];
  const held: (() => Promise<unknown>)[] = [];
  const agenda = createAgenda();
  const closing = new AbortController();

  const deliver = async (parcel: Parcel, isSpoilt: boolean): Promise<SentCallback> => {
    const signed = bodyOf(parcel, settings);
    const body = isSpoilt ? spoil(signed) : signed;
    const outcome = parcel.url === null ? unsent('no-address') : await post(parcel.url, body, closing.signal);
    return note(sent, { ...parcel, body, ...outcome });
  };

  const release = (): void => {
    for (const dispatch of held.splice(0)) agenda.track(dispatch());
  };

  const send = async (parcel: Parcel): Promise<void> => {
    const { isLost, isSpoilt, isHeld, copies } = luckOf(parcel, parts);
    if (isLost) {
      note(sent, { ...parcel, body: bodyOf(parcel, settings), ...unsent('lost') });
      return;
    }
    const dispatch = (): Promise<unknown> =>
      Promise.all(Array.from({ length: copies }, () => deliver(parcel, isSpoilt)));
    if (isHeld) {
      held.push(dispatch);
      return;
    }
    await dispatch();
    release(); // only now, so that the held ones are late for sure
  };

  return {
    sent,
    send: (parcel) => {
      const sending = send(parcel);
      agenda.track(sending);
      return sending;
    },
    ask: (parcel) => deliver(parcel, false),
    later: agenda.later,
    expect: agenda.expect,
    settled: async () => {
      while (agenda.isBusy() || held.length > 0) {
        await agenda.all();
        release();
      }
    },
    [Symbol.asyncDispose]: async () => {
      agenda.cancel();
      closing.abort();
      await agenda.all();
    },
  };
};
