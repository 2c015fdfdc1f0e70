// Loaded into the receiver before its own code: moves its wall clock by the number in a file. Timers run on the
// monotonic clock and are not affected, as with a real jump.
import { readFileSync } from 'node:fs';

const LOOK_MS = 50;
const file = process.env['MOVED_CLOCK_FILE'] ?? '';
const TrueDate = Date;
const trueNow = Date.now;
let offset = 0;

const now = (): number => trueNow() + offset;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new TrueDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});

setInterval(() => {
  const written = Number(readFileSync(file, 'utf8'));
  if (Number.isFinite(written)) offset = written;
}, LOOK_MS).unref();
