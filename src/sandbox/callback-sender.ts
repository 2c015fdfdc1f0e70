import { signCallback, signEnvelope } from '../verify/callback.ts';
import type { Chance } from './chance.ts';
import type { Chaos, SandboxLogEntry, SandboxProduct } from './options.ts';
import { createPendingTasks, type PendingTasks } from './pending-tasks.ts';
import type { SandboxSettings } from './settings.ts';

type CallbackFields = Readonly<Record<string, string | number | null>>;

type OutgoingCallback = {
  readonly product: SandboxProduct;
  readonly url: string | null;
  readonly fields: CallbackFields;
};

/** A callback that was sent, or why it was not. */
export type SentCallback = Omit<Extract<SandboxLogEntry, { readonly kind: 'callback' }>, 'kind' | 'order'> & {
  /** The request body. */
  readonly body: string;
  /** The body of the receiver's reply; null if there was none. */
  readonly reply: string | null;
};

type SenderParts = { readonly settings: SandboxSettings; readonly chance: Chance };

const REPLY_TIMEOUT_MS = 10_000;

const corruptSignature = (body: string): string =>
  body.replace(/"sign":"(.)/, (_, first) => `"sign":"${first === '0' ? '1' : '0'}`);

/** The signed body: an envelope if the product is among `enveloped` and there is a key for it, otherwise flat. */
const bodyOf = (
  { product, fields }: OutgoingCallback,
  { backOffice, callbackPrivateKey, enveloped }: SandboxSettings,
): string =>
  callbackPrivateKey !== null && enveloped.includes(product)
    ? signEnvelope(fields, callbackPrivateKey)
    : signCallback(fields, backOffice.callbackSecret);

type Outcome = Pick<SentCallback, 'fate' | 'httpStatus' | 'reply'>;

const notSent = (fate: SentCallback['fate']): Outcome => ({ fate, httpStatus: null, reply: null });

type Delivery = OutgoingCallback & Outcome & { readonly body: string };

/** Records and logs a callback, whatever its fate. */
const recordDelivery = (
  sent: SentCallback[],
  { fields, product: _, ...rest }: Delivery,
  log: SandboxSettings['log'],
) => {
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

/** Decides what chaos does to a callback. With the same seed, the same callbacks of an order get the same faults. */
const rollChaos = ({ fields }: OutgoingCallback, { settings: { chaos }, chance }: SenderParts) => {
  const subject = [fields['eventName'], fields['mchOrderId'] ?? fields['mchRefundOrderId'] ?? fields['requestId']];
  const happens = (fault: keyof Chaos): boolean => chance(`${fault} ${subject.join(' ')}`) < chaos[fault];
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

  /** Runs a task after a delay, in milliseconds. */
  get later(): PendingTasks['later'] {
    return this.#tasks.later;
  }

  /** Makes `settled` wait until the returned function is called. */
  get expect(): PendingTasks['expect'] {
    return this.#tasks.expect;
  }

  /** Sends with chaos; `settled` waits for it. Resolves when the callback has been delivered, lost, or held back. */
  send(callback: OutgoingCallback): Promise<void> {
    const sending = this.#sendWithChaos(callback);
    this.#tasks.track(sending);
    return sending;
  }

  /** Sends without chaos; `settled` does not wait for it. Resolves with the reply. */
  ask(callback: OutgoingCallback): Promise<SentCallback> {
    return this.#deliver(callback, false);
  }

  /** Waits until no task is pending and every callback has been delivered. */
  async settled(): Promise<void> {
    while (this.#tasks.isBusy() || this.#held.length > 0) {
      await this.#tasks.finished();
      this.#release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tasks.cancel();
    this.#closing.abort();
    await this.#tasks.finished();
  }

  async #sendWithChaos(callback: OutgoingCallback): Promise<void> {
    const { settings } = this.#parts;
    const { isLost, isCorrupt, isHeld, copies } = rollChaos(callback, this.#parts);
    if (isLost) {
      recordDelivery(this.#sent, { ...callback, body: bodyOf(callback, settings), ...notSent('lost') }, settings.log);
      return;
    }
    const dispatch = (): Promise<unknown> =>
      Promise.all(Array.from({ length: copies }, () => this.#deliver(callback, isCorrupt)));
    if (isHeld) {
      this.#held.push(dispatch);
      return;
    }
    await dispatch();
    this.#release(); // only once this one has been delivered, so that those held back are certainly late
  }

  async #deliver(callback: OutgoingCallback, isCorrupt: boolean): Promise<SentCallback> {
    const { settings } = this.#parts;
    const signed = bodyOf(callback, settings);
    const body = isCorrupt ? corruptSignature(signed) : signed;
    const outcome =
      callback.url === null ? notSent('no-address') : await post(callback.url, body, this.#closing.signal);
    return recordDelivery(this.#sent, { ...callback, body, ...outcome }, settings.log);
  }

  #release(): void {
    for (const dispatch of this.#held.splice(0)) this.#tasks.track(dispatch());
  }
}
