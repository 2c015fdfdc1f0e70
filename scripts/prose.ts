// `npm run prose [-- PATH…]`: refuses phrases that this project does not use (prose/patterns.ts) in everything that people
// read, or in files whose path begins with one of those given.
import { checkFiles, formatProblem } from './prose/check-files.ts';

const problems = checkFiles(process.argv.slice(2));
for (const problem of problems) console.log(formatProblem(problem));
if (problems.length > 0) {
  console.log(`${problems.length} phrases to replace`);
  process.exitCode = 1;
}
