import type { Command } from 'commander';

/** The words that can follow the command at `path`, such as `events list`: subcommands, arguments and options. */
type Branch = { readonly path: string; readonly words: readonly string[] };

/** Arguments by command that commander does not know: calls of `api`, products of `send`. */
export type ArgumentWords = Readonly<Record<string, readonly string[]>>;

const longOptions = (command: Command): string[] => command.options.flatMap(({ long }) => (long == null ? [] : [long]));

const branchesOf = (command: Command, words: ArgumentWords, path = ''): readonly Branch[] => {
  const children = command.commands;
  const next = [
    ...children.map((it) => it.name()),
    ...(words[path] ?? []),
    ...longOptions(command),
    '--env-file',
    '--help',
  ];
  const descendants = children.flatMap((it) => branchesOf(it, words, path === '' ? it.name() : `${path} ${it.name()}`));
  return [{ path, words: [...new Set(next)] }, ...descendants];
};

/** Bash and zsh follow the words before the cursor down the tree and ignore words that lead nowhere. */
const bash = (branches: readonly Branch[]): string => `# Completion of paycools for bash. Load it with:
#   source <(paycools completion bash)
_paycools_words() {
  case "$1" in
${branches.map(({ path, words }) => `    "${path}") echo "${words.join(' ')}" ;;`).join('\n')}
    *) return 1 ;;
  esac
}
_paycools() {
  local path="" word next index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    next="\${path:+$path }$word"
    _paycools_words "$next" >/dev/null && path="$next"
  done
  COMPREPLY=($(compgen -W "$(_paycools_words "$path")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _paycools paycools
`;

const zsh = (branches: readonly Branch[]): string => `#compdef paycools
# Completion of paycools for zsh. Load it with:
#   source <(paycools completion zsh)
_paycools() {
  local -A branches
  branches=(
${branches.map(({ path, words }) => `    '${path === '' ? '-' : path}' '${words.join(' ')}'`).join('\n')}
  )
  local at='-' word next
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ $at == '-' ]]; then next=$word; else next="$at $word"; fi
    if (( \${+branches[$next]} )); then at=$next; fi
  done
  compadd -- \${=branches[$at]}
  _files
}
compdef _paycools paycools
`;

const fish = (branches: readonly Branch[]): string => {
  const lines = branches.flatMap(({ path, words }) => {
    const parts = path === '' ? [] : path.split(' ');
    const last = parts.length === 0 ? '' : parts.map((part) => `__fish_seen_subcommand_from ${part}`).join('; and ');
    const condition = parts.length === 0 ? '__fish_use_subcommand' : last;
    return words.map((word) =>
      word.startsWith('--')
        ? `complete -c paycools -n '${condition}' -l ${word.slice(2)}`
        : `complete -c paycools -n '${condition}' -a '${word}'`,
    );
  });
  return [
    '# Completion of paycools for fish. Load it with:',
    '#   paycools completion fish | source',
    ...lines,
    '',
  ].join('\n');
};

const shells = { bash, zsh, fish } as const;

export type Shell = keyof typeof shells;

export const shellNames = Object.keys(shells) as readonly Shell[];

/** The completion script of a shell. */
export const completionScript = (shell: Shell, program: Command, words: ArgumentWords): string =>
  shells[shell](branchesOf(program, words));
