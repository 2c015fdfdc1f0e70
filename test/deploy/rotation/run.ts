// `npm run drill:rotation [-- restart|reload]`: changes the callback secret and the API key while callbacks arrive and are
// confirmed with PayCools, and prints which were lost, handled twice or delivered unconfirmed.
import { drillRotation } from './drill.ts';

const { steps, ...rest } = await drillRotation(process.argv[2] === 'reload' ? 'reload' : 'restart');
for (const { step, callbacks } of steps) process.stdout.write(`${step.padEnd(64)}${callbacks} callbacks\n`);
process.stdout.write(`${JSON.stringify(rest)}\n`);
if (rest.lost.length + rest.handledTwice.length + rest.unconfirmed > 0) process.exitCode = 1;
