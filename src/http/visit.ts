import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ProblemCode, problems } from '../core/problems.ts';
import type { CallbackRecord, Received } from '../receive/outcome.ts';
import type { Refusal } from './refusal.ts';
import { reasonOf } from './refusal.ts';
import type { RequestSpan } from './trace-requests.ts';

/** What a request turned out to be, when that is known. */
type Result =
  | (Received & { readonly kind: 'callback'; readonly status: number; readonly body: Uint8Array })
  | { readonly kind: 'refused'; readonly code: ProblemCode }
  /** A probe, which nobody wants to see. */
  | { readonly kind: 'probe' };

/** One request from its first line to its end, whatever becomes of it. */
export type Visit = {
  readonly requestId: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly startedAt: number;
  address: { readonly merchant: string; readonly product: string | null };
  result: Result | null;
  /** Whether a handler is at work; it must not be reported before. */
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
  /** Whether a broken connection has not been reported already. */
  readonly isFirstRefusal: (request: IncomingMessage) => boolean;
};

const NOWHERE = { merchant: '', product: null };

const milliseconds = (since: number): number => Math.round((performance.now() - since) * 100) / 100;

/** The requests of a listener. Each is reported once, as a callback or as a refusal, however it ended. */
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
      address: NOWHERE,
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

  /** @throws Error for a request that did not begin here */
  of(request: IncomingMessage): Visit {
    const visit = this.#visits.get(request);
    if (visit === undefined) throw new Error('this request did not come through the server');
    return visit;
  }

  /** Runs a handler. Where the sender disconnected meanwhile, the request is reported when the handler has ended. */
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
    const durationMs = milliseconds(visit.startedAt);
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
