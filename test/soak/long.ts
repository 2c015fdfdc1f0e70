// `npm run test:soak [-- --minutes 10] [--rate 200]`: all hostile clients at once, beside genuine callbacks. Exits with 1 if
// one of these is lost, their 99th percentile is 250 ms or more, memory grows, or the receiver does not exit with 0.
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

const MAX_P99_MS = 250;
const MAX_GROWTH = 1.25;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '200' } },
});

const report = await soak({ seconds: Number(values.minutes) * 60, perSecond: Number(values.rate) });
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const [early, late] = report.memory;
const isGood = report.lost === 0 && report.p99 < MAX_P99_MS && late < early * MAX_GROWTH && report.exitCode === 0;
process.exitCode = isGood ? 0 : 1;
