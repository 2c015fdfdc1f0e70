import { stripVTControlCharacters, styleText } from 'node:util';

export type Summary = {
  readonly title: string;
  /** What does not work; usually empty. */
  readonly warnings: readonly string[];
  readonly addresses: Readonly<Record<string, string>>;
  /** Commands to try, by description. */
  readonly commands: Readonly<Record<string, string>>;
  readonly footer: string;
};

const NAME_WIDTH = 17;

const section = (entries: Readonly<Record<string, string>>): string[] =>
  Object.entries(entries).map(
    ([name, value]) => `${styleText('dim', name.padEnd(NAME_WIDTH))}${styleText('cyan', value)}`,
  );

/** Renders a framed summary, in colour if the terminal supports it. */
export const frame = ({ title, warnings, addresses, commands, footer }: Summary): string => {
  const isFine = warnings.length === 0;
  const lines = [
    styleText(['bold', isFine ? 'green' : 'yellow'], title),
    ...warnings.map((it) => styleText('yellow', it)),
    '',
    ...section(addresses),
    '',
    ...section(commands),
    '',
    styleText('bold', footer),
  ];
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  const edge = (text: string): string => styleText(isFine ? 'green' : 'yellow', text);
  const row = (line: string): string => {
    const blanks = ' '.repeat(width - stripVTControlCharacters(line).length);
    return `${edge('│')}  ${line}${blanks}  ${edge('│')}`;
  };
  const bar = '─'.repeat(width + 4);
  return [edge(`╭${bar}╮`), ...lines.map(row), edge(`╰${bar}╯`)].join('\n');
};
