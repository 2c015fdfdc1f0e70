import type { Command } from 'commander';
import { endpointList } from '../../client/index.ts';
import { products } from '../../products/registry.ts';
import { completionScript, shellNames } from '../completion-script.ts';
import { asJson, type Io, UsageError } from '../io.ts';
import { didYouMean } from '../suggest.ts';

const argumentWords = {
  api: endpointList.map(({ call }) => call),
  send: products.map(({ product }) => product),
  completion: shellNames,
};

const HELP = `
Examples:
  source <(paycools completion bash)               # for this shell; add it to ~/.bashrc to keep it
  paycools completion zsh > ~/.zfunc/_paycools     # with fpath+=~/.zfunc before compinit
  paycools completion fish > ~/.config/fish/completions/paycools.fish`;

/** `paycools completion <shell>`: prints a script that completes commands, options, calls and products. */
export const addCompletion = (program: Command, io: Io): void => {
  program
    .command('completion')
    .description('print a shell completion script')
    .argument('<shell>', shellNames.join(', '))
    .option('--json', 'print { script }')
    .addHelpText('after', HELP)
    .action((name: string, { json }: { readonly json?: boolean }) => {
      const shell = shellNames.find((it) => it === name);
      if (shell === undefined) {
        throw new UsageError(`${name} is not one of ${shellNames.join(', ')}${didYouMean(name, shellNames)}`);
      }
      const script = completionScript(shell, program, argumentWords);
      io.out(json === true ? asJson({ script }) : script);
    });
};
