type Rate = { readonly perSecond: number; readonly burst: number };
type Bucket = { tokens: number; at: number };

/** All sources share one rate, and each has its own, so that one flood leaves room for others. */
const SHARED: Rate = { perSecond: 10, burst: 200 };
const PER_SOURCE: Rate = { perSecond: 2, burst: 50 };

/** Maximum number of sources remembered. */
const MAX_SOURCES = 10_000;

const refill = ({ tokens, at }: Bucket, { perSecond, burst }: Rate, now: number): number =>
  Math.min(burst, tokens + (Math.max(0, now - at) * perSecond) / 1000);

/** Limits how many callbacks that are not genuine are recorded, with a token bucket for all and one for each source. */
export class Sampling {
  #shared: Bucket = { tokens: SHARED.burst, at: 0 };
  readonly #sources = new Map<string, Bucket>();

  /** Whether another callback of this source may be recorded; `now` in milliseconds. */
  take(source: string, now: number): boolean {
    const ofSource = refill(this.#sources.get(source) ?? { tokens: PER_SOURCE.burst, at: now }, PER_SOURCE, now);
    const shared = refill(this.#shared, SHARED, now);
    const taken = ofSource >= 1 && shared >= 1 ? 1 : 0;
    this.#remember(source, { tokens: ofSource - taken, at: now });
    this.#shared = { tokens: shared - taken, at: now };
    return taken === 1;
  }

  /** Forgets the source that has been silent for longest when there are too many. */
  #remember(source: string, bucket: Bucket): void {
    this.#sources.delete(source);
    this.#sources.set(source, bucket);
    if (this.#sources.size <= MAX_SOURCES) return;
    const [oldest] = this.#sources.keys();
    if (oldest !== undefined) this.#sources.delete(oldest);
  }
}
