import { type Passage, passagesOf } from './passages.ts';
import { type Pattern, patterns } from './patterns.ts';

/** A phrase to replace, and its location. */
export type Problem = {
  readonly path: string;
  readonly line: number;
  readonly found: string;
  readonly instead: string;
};

const compiled = patterns.map((pattern) => ({
  ...pattern,
  expression: new RegExp(pattern.phrase.replaceAll(' ', String.raw`\s+`), 'gim'),
}));

const applies = ({ scope }: Pattern, { kind }: Passage): boolean => {
  if (kind === 'name') return scope === 'prose and names';
  return kind === 'title' || scope !== 'titles';
};

/** Finds the phrases in a file that {@link patterns} refuses. */
export const findProblems = (path: string, source: string): readonly Problem[] => {
  const problems = passagesOf(path, source).flatMap((passage) =>
    compiled
      .filter((pattern) => applies(pattern, passage))
      .flatMap(({ expression, instead }) =>
        [...passage.text.matchAll(expression)].map((match) => ({
          path,
          line: source.slice(0, passage.at + match.index + match[0].search(/\w/)).split('\n').length,
          found: match[0].replace(/^\W+/, '').replaceAll(/\s+/g, ' ').trim(),
          instead,
        })),
      ),
  );
  return [...new Map(problems.map((problem) => [`${problem.line} ${problem.found}`, problem])).values()];
};
