type Rate = { readonly perSecond: number; readonly burst: number };
type Allowance = { left: number; at: number };

/** All sources together, and each of them: no flood may take what others need. */
const ALL: Rate = { perSecond: 10, burst: 200 };
const EACH: Rate = { perSecond: 2, burst: 50 };

/** Sources that are told apart at a time. */
const MAX_SOURCES = 10_000;

const refilled = ({ left, at }: Allowance, { perSecond, burst }: Rate, now: number): number =>
  Math.min(burst, left + (Math.max(0, now - at) * perSecond) / 1000);

/** Which callbacks that are not genuine are recorded: some each second, and only some of each source. */
export class Sampling {
  #all: Allowance = { left: ALL.burst, at: 0 };
  readonly #sources = new Map<string, Allowance>();

  /** Whether another one of this source may be recorded; `now` in milliseconds. */
  take(source: string, now: number): boolean {
    const left = refilled(this.#sources.get(source) ?? { left: EACH.burst, at: now }, EACH, now);
    const all = refilled(this.#all, ALL, now);
    const may = left >= 1 && all >= 1;
    this.#note(source, { left: may ? left - 1 : left, at: now });
    this.#all = { left: may ? all - 1 : all, at: now };
    return may;
  }

  /** The source that has been silent for longest is forgotten first. */
  #note(source: string, allowance: Allowance): void {
    this.#sources.delete(source);
    this.#sources.set(source, allowance);
    if (this.#sources.size <= MAX_SOURCES) return;
    const [oldest] = this.#sources.keys();
    if (oldest !== undefined) this.#sources.delete(oldest);
  }
}
