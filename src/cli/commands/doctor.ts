import type { Command } from 'commander';
import { diagnose } from '../doctor/diagnose.ts';
import type { Finding } from '../doctor/finding.ts';
import { counted, paint } from '../format.ts';
import { asJson, CommandError, type Io } from '../io.ts';

const MARKS = {
  ok: { text: 'ok  ', style: 'green' },
  advice: { text: 'note', style: 'yellow' },
  problem: { text: 'FAIL', style: 'red' },
} as const;
const WIDTH = 16;

const formatFinding = (io: Io, { level, check, sentence }: Finding): string => {
  const { text, style } = MARKS[level];
  return `${paint(io, style, text)}  ${check.padEnd(WIDTH)}${sentence}\n`;
};

const count = (findings: readonly Finding[], level: Finding['level']): number =>
  findings.filter((it) => it.level === level).length;

const HELP = `
Reads the configuration of the service from the environment, calls PayCools once per merchant, and changes nothing.
Exits with 1 if there is a problem to fix.

Examples:
  paycools doctor --env-file .env
  paycools doctor --json`;

/** `paycools doctor`: checks for common setup mistakes and says how to fix them. */
export const addDoctor = (program: Command, io: Io): void => {
  program
    .command('doctor')
    .description(
      'check configuration, merchants, keys, Redis, clocks, spool, listeners and PayCools, and say what to fix',
    )
    .option('--json', 'print an array of { level, check, sentence }')
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await diagnose(io);
      const problems = count(findings, 'problem');
      const notes = count(findings, 'advice');
      const verdict = problems === 0 ? 'all fine' : `${counted(problems, 'problem')} to fix`;
      const summary = notes === 0 ? verdict : `${verdict}, ${counted(notes, 'note')}`;
      if (json === true) io.out(asJson(findings));
      else {
        io.out(findings.map((it) => formatFinding(io, it)).join(''));
        io.out(`${paint(io, problems === 0 ? 'green' : 'red', summary)}\n`);
      }
      if (problems > 0) throw new CommandError(json === true ? summary : ''); // the text above already says so
    });
};
