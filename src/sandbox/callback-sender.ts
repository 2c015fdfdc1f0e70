import { signCallback, signEnvelope } from '../verify/callback.ts';
import type { Chance } from './chance.ts';
import type { Chaos, SandboxLogEntry, SandboxProduct } from './options.ts';
import { createPendingTasks, type PendingTasks } from './pending-tasks.ts';
import type { SandboxSettings } from './settings.ts';

type CallbackFields = Readonly<Record<string, string | number | null>>;

/** A callback that is to be sent. */
type OutgoingCallback = {
  readonly product: SandboxProduct;
  readonly url: string | null;
  readonly fields: CallbackFields;
};

/** What became of a callback. */
export type SentCallback = Omit<Extract<SandboxLogEntry, { readonly kind: 'callback' }>, 'kind' | 'order'> & {
  /** The body as it was posted. */
  readonly body: string;
  /** The body of the receiver's reply. */
  readonly reply: string | null;
};

type SenderParts = { readonly settings: SandboxSettings; readonly chance: Chance };

const REPLY_TIMEOUT_MS = 10_000;

const corruptSignature = (body: string): string =>
  body.replace(/"sign":"(.)/, (_, first) => `"sign":"${first === '0' ? '1' : '0'}`);

/** The signed body: flat, or an envelope where the product has one and there is a key for it. */
const bodyOf = (
  { product, fields }: OutgoingCallback,
  { backOffice, callbackPrivateKey, enveloped }: SandboxSettings,
): string =>
  callbackPrivateKey !== null && enveloped.includes(product)
    ? signEnvelope(fields, callbackPrivateKey)
    : signCallback(fields, backOffice.callbackSecret);

type Outcome = Pick<SentCallback, 'fate' | 'httpStatus' | 'reply'>;

const notSent = (fate: SentCallback['fate']): Outcome => ({ fate, httpStatus: null, reply: null });

type Note = OutgoingCallback & Outcome & { readonly body: string };

/** Records what became of a callback, and logs it. */
const note = (sent: SentCallback[], { fields, product: _, ...rest }: Note, log: SandboxSettings['log']) => {
  const callback: SentCallback = { eventName: String(fields['eventName']), ...rest };
  sent.push(callback);
  const order = fields['mchOrderId'] ?? fields['mchRefundOrderId'] ?? fields['requestId'] ?? null;
  const { eventName, url, fate, httpStatus } = callback;
  log({ kind: 'callback', eventName, order: order === null ? null : String(order), url, fate, httpStatus });
  return callback;
};

const post = async (url: string, body: string, signal: AbortSignal): Promise<Outcome> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REPLY_TIMEOUT_MS)]),
    });
    return { fate: 'sent', httpStatus: response.status, reply: await response.text() };
  } catch {
    return notSent('unreachable');
  }
};

/** What chaos does to a callback. The same order gets the same chaos with the same seed. */
const rollChaos = ({ fields }: OutgoingCallback, { settings: { chaos }, chance }: SenderParts) => {
  const about = [fields['eventName'], fields['mchOrderId'] ?? fields['mchRefundOrderId'] ?? fields['requestId']];
  const happens = (what: keyof Chaos): boolean => chance(`${what} ${about.join(' ')}`) < chaos[what];
  return {
    isLost: happens('lost'),
    isCorrupt: happens('wrongSign'),
    isHeld: happens('disorder'),
    copies: happens('duplicate') ? 2 : 1,
  };
};

/** Sends signed callbacks, with the configured chaos, and runs scheduled tasks. */
export class CallbackSender implements AsyncDisposable {
  readonly #parts: SenderParts;
  readonly #sent: SentCallback[] = [];
  readonly #held: (() => Promise<unknown>)[] = [];
  readonly #tasks = createPendingTasks();
  readonly #closing = new AbortController();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  get sent(): readonly SentCallback[] {
    return this.#sent;
  }

  /** Runs a task after a time, in milliseconds. */
  get later(): PendingTasks['later'] {
    return this.#tasks.later;
  }

  /** Announces that something will happen, so that `settled` waits for it; call the result when it has. */
  get expect(): PendingTasks['expect'] {
    return this.#tasks.expect;
  }

  /** Sends with chaos. Resolves when the callback has arrived, is lost, or is held back. */
  send(callback: OutgoingCallback): Promise<void> {
    const sending = this.#sendWithChaos(callback);
    this.#tasks.track(sending);
    return sending;
  }

  /** Sends without chaos and waits for the reply. */
  ask(callback: OutgoingCallback): Promise<SentCallback> {
    return this.#deliver(callback, false);
  }

  /** Waits until nothing is pending and every callback is delivered. */
  async settled(): Promise<void> {
    while (this.#tasks.isBusy() || this.#held.length > 0) {
      await this.#tasks.all();
      this.#release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tasks.cancel();
    this.#closing.abort();
    await this.#tasks.all();
  }

  async #sendWithChaos(callback: OutgoingCallback): Promise<void> {
    const { settings } = this.#parts;
    const { isLost, isCorrupt, isHeld, copies } = rollChaos(callback, this.#parts);
    if (isLost) {
      note(this.#sent, { ...callback, body: bodyOf(callback, settings), ...notSent('lost') }, settings.log);
      return;
    }
    const dispatch = (): Promise<unknown> =>
      Promise.all(Array.from({ length: copies }, () => this.#deliver(callback, isCorrupt)));
    if (isHeld) {
      this.#held.push(dispatch);
      return;
    }
    await dispatch();
    this.#release(); // only now, so that those held back are certainly late
  }

  async #deliver(callback: OutgoingCallback, isCorrupt: boolean): Promise<SentCallback> {
    const { settings } = this.#parts;
    const signed = bodyOf(callback, settings);
    const body = isCorrupt ? corruptSignature(signed) : signed;
    const outcome =
      callback.url === null ? notSent('no-address') : await post(callback.url, body, this.#closing.signal);
    return note(this.#sent, { ...callback, body, ...outcome }, settings.log);
  }

  #release(): void {
    for (const dispatch of this.#held.splice(0)) this.#tasks.track(dispatch());
  }
}
