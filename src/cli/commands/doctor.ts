import type { Command } from 'commander';
import { diagnose } from '../diagnose.ts';
import type { Finding } from '../finding.ts';
import { counted } from '../format.ts';
import { asJson, CommandError, type Io } from '../io.ts';

const MARKS = { ok: 'ok  ', advice: 'note', problem: 'FAIL' } as const;
const WIDTH = 16;

const show = ({ level, check, sentence }: Finding): string => `${MARKS[level]}  ${check.padEnd(WIDTH)}${sentence}\n`;

/** `paycools doctor`: checks everything that is often set up wrongly, and says what to do. */
export const addDoctor = (program: Command, io: Io): void => {
  program
    .command('doctor')
    .description('check configuration, Redis, clock, keys, spool and reachability; say what to do')
    .option('--json', 'print an array of { level, check, sentence }')
    .addHelpText(
      'after',
      '\nReads the configuration of the service from the environment. Exit code 1 when there is a problem to fix.\n\nExample:\n  node --env-file=.env dist/cli/main.js doctor',
    )
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await diagnose(io);
      io.out(json === true ? asJson(findings) : findings.map(show).join(''));
      const problems = findings.filter(({ level }) => level === 'problem').length;
      if (problems > 0) throw new CommandError(`${counted(problems, 'problem')} to fix`);
    });
};
