// `npm run drill:upgrade [-- COMMIT]`: upgrades two receivers from a commit to these sources and back while callbacks
// arrive, and prints which were lost or handled twice.
import { drillUpgrade } from './drill.ts';
import { OLD_RELEASE } from './releases.ts';

const { steps, ...rest } = await drillUpgrade(process.argv[2] ?? OLD_RELEASE);
for (const { step, acknowledged, spooled } of steps)
  process.stdout.write(`${step.padEnd(56)}${acknowledged} acknowledged, then ${spooled} in the spools\n`);
process.stdout.write(`${JSON.stringify(rest)}\n`);
if (rest.lost.length > 0 || rest.handledTwice.length > 0) process.exitCode = 1;
