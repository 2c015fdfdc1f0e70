import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ProblemCode, problems } from '../core/problems.ts';
import type { CallbackRecord, Received } from '../receive/outcome.ts';
import type { Refusal } from './refusal.ts';
import { reasonOf } from './refusal.ts';
import type { RequestSpan } from './trace-requests.ts';

/** What became of a request, once it is known. */
type Result =
  | (Received & { readonly kind: 'callback'; readonly status: number; readonly body: Uint8Array })
  | { readonly kind: 'refused'; readonly code: ProblemCode }
  /** A health probe, which is not reported. */
  | { readonly kind: 'probe' };

/** One request, from its first line to its end. */
export type Visit = {
  readonly requestId: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** From `performance.now()`. */
  readonly startedAt: number;
  address: { readonly merchant: string; readonly product: string | null };
  result: Result | null;
  /** Whether a handler is running: the visit is reported only after it. */
  isHandling: boolean;
  isClosed: boolean;
  span: RequestSpan | null;
};

export type VisitOptions = {
  readonly sourceOf: (request: IncomingMessage) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onCallback: (record: CallbackRecord) => void;
  readonly onRefused: (refusal: Refusal) => void;
  /** False if the request's connection broke and has been reported already. */
  readonly isFirstRefusal: (request: IncomingMessage) => boolean;
};

const NO_ADDRESS = { merchant: '', product: null };

/** In milliseconds, with two decimals. */
const elapsedSince = (start: number): number => Math.round((performance.now() - start) * 100) / 100;

/** The requests of a listener. Each is reported once, as a callback or as a refusal, however it ends. */
export class Visits {
  readonly #options: VisitOptions;
  readonly #visits = new WeakMap<IncomingMessage, Visit>();

  constructor(options: VisitOptions) {
    this.#options = options;
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    const visit: Visit = {
      requestId: randomUUID(),
      source: this.#options.sourceOf(request),
      receivedAt: this.#options.now(),
      startedAt: performance.now(),
      address: NO_ADDRESS,
      result: null,
      isHandling: false,
      isClosed: false,
      span: null,
    };
    this.#visits.set(request, visit);
    response.once('close', () => {
      visit.isClosed = true;
      if (!visit.isHandling) this.#report(request, visit, response.headersSent ? response.statusCode : null);
    });
  }

  /** @throws Error if the request did not begin here */
  of(request: IncomingMessage): Visit {
    const visit = this.#visits.get(request);
    if (visit === undefined) throw new Error('this request did not come through the server');
    return visit;
  }

  /** Runs a handler. If the sender disconnects meanwhile, the request is reported once the handler has ended. */
  async handle(request: IncomingMessage, work: (visit: Visit) => Promise<void>): Promise<void> {
    const visit = this.of(request);
    visit.isHandling = true;
    try {
      await work(visit);
    } finally {
      visit.isHandling = false;
      if (visit.isClosed) this.#report(request, visit, null);
    }
  }

  #report(request: IncomingMessage, visit: Visit, sent: number | null): void {
    const { result, requestId, source, receivedAt, address, span } = visit;
    const durationMs = elapsedSince(visit.startedAt);
    const trace = span === null ? {} : { traceId: span.traceId };
    if (result?.kind === 'probe') return;
    if (result?.kind === 'callback') {
      const { outcome, genuine, status, body } = result;
      const record = {
        requestId,
        ...address,
        source,
        receivedAt,
        body,
        outcome,
        genuine,
        status,
        durationMs,
        ...trace,
      };
      this.#options.onCallback(record);
      span?.end(record);
      return;
    }
    const reason = result === null ? 'aborted' : reasonOf(result.code);
    const status = sent ?? (result === null ? null : problems[result.code].status);
    const refusal: Refusal = { requestId, source, reason, status, durationMs, ...trace };
    span?.end(refusal);
    if (this.#options.isFirstRefusal(request)) this.#options.onRefused(refusal);
  }
}
