import { setTimeout as sleep } from 'node:timers/promises';
import type { Numbering } from './numbered.ts';
import type { Answer, Poster } from './poster.ts';
import type { Random } from './random.ts';

export type GeneratorOptions = {
  readonly poster: Poster;
  readonly numbering: Numbering;
  readonly random: Random;
  /** Whether the receiver was asked to stop: its 503 then only means that it is stopping. */
  readonly isStopping: () => boolean;
  /** Maximum number of requests per second. */
  readonly rate: number;
  /** Maximum number of concurrent requests. */
  readonly connections: number;
};

/** The next request: a new number, or one that was sent before. */
type Repeat = { readonly number: number; readonly at: number };

const CHANCE = { twiceAtOnce: 0.05, againLater: 0.1, againAfterFailure: 0.8, forged: 0.01 };
const LATER_MS = { low: 100, high: 2000 };
/** Pause of a worker after a refused connection, so that a receiver that is down does not use up all numbers. */
const REFUSED_PAUSE_MS = 50;

/** Posts numbered genuine callbacks as PayCools would: some twice, failed ones again. Also posts some forgeries. */
export class Generator {
  /** All answers to each number, in order; number 1 is at index 1. */
  readonly answers: Answer[][] = [];
  readonly forgeries: Answer[] = [];
  maxWaitMs = 0;
  requests = 0;
  readonly #options: GeneratorOptions;
  readonly #repeats: Repeat[] = [];
  #next = 1;
  #slot = performance.now();
  #inFlight = 0;
  #isPaused = false;

  constructor(options: GeneratorOptions) {
    this.#options = options;
  }

  /** How many numbers were sent. */
  get count(): number {
    return this.#next - 1;
  }

  /** Sends until `isEnough`, and then what still has to be repeated. */
  async run(isEnough: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.connections }, () => this.#work(isEnough)));
  }

  /** Pauses, and resolves when everything that was sent has been answered. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    while (this.#inFlight > 0) await sleep(5);
  }

  resume(): void {
    this.#isPaused = false;
  }

  async #work(isEnough: () => boolean): Promise<void> {
    for (;;) {
      await this.#ownTurn();
      const repeat = this.#dueRepeat();
      if (repeat !== undefined) await this.#send(repeat.number);
      else if (!isEnough()) await this.#sendNew();
      else if (this.#repeats.length === 0) return;
      else await sleep(20);
    }
  }

  /** Waits for the next slot of the rate that all workers share. */
  async #ownTurn(): Promise<void> {
    const now = performance.now();
    this.#slot = Math.max(this.#slot + 1000 / this.#options.rate, now - 100);
    if (this.#slot > now + 1) await sleep(this.#slot - now);
    while (this.#isPaused) await sleep(5);
  }

  #dueRepeat(): Repeat | undefined {
    const now = performance.now();
    const index = this.#repeats.findIndex(({ at }) => at <= now);
    return index === -1 ? undefined : this.#repeats.splice(index, 1)[0];
  }

  async #sendNew(): Promise<void> {
    const { random, poster, numbering } = this.#options;
    const number = this.#next;
    this.#next += 1;
    this.answers[number] = [];
    if (random.isBelow(CHANCE.forged)) {
      this.forgeries.push(await this.#counted(() => poster.post(numbering.forgeryOf(number))));
    }
    const copies = random.isBelow(CHANCE.twiceAtOnce) ? 2 : 1;
    if (random.isBelow(CHANCE.againLater)) this.#later(number);
    await Promise.all(Array.from({ length: copies }, () => this.#send(number)));
  }

  async #send(number: number): Promise<void> {
    const { poster, numbering, random } = this.#options;
    const answer = await this.#counted(() => poster.post(numbering.bodyOf(number)));
    this.answers[number]?.push(answer);
    if (answer === 200) return;
    if (random.isBelow(CHANCE.againAfterFailure)) this.#later(number);
    if (answer === 'ECONNREFUSED') await sleep(REFUSED_PAUSE_MS);
  }

  #later(number: number): void {
    const { low, high } = LATER_MS;
    this.#repeats.push({ number, at: performance.now() + this.#options.random.between(low, high) });
  }

  async #counted(post: () => ReturnType<Poster['post']>): Promise<Answer> {
    this.#inFlight += 1;
    this.requests += 1;
    const { answer, ms } = await post();
    this.#inFlight -= 1;
    this.maxWaitMs = Math.max(this.maxWaitMs, ms);
    return answer === 503 && this.#options.isStopping() ? 'stopping' : answer;
  }
}
