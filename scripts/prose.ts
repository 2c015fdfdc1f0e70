// `npm run prose [-- PATH…]`: refuses the phrases of prose/patterns.ts in everything that people read, or only in files
// whose paths start with one of the given ones.
import { checkFiles, formatProblem } from './prose/check-files.ts';

const problems = checkFiles(process.argv.slice(2));
for (const problem of problems) console.log(formatProblem(problem));
if (problems.length > 0) {
  console.log(`${problems.length} phrases to replace`);
  process.exitCode = 1;
}
