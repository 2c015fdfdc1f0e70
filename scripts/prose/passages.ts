import { parseSync, visitorKeys } from 'oxc-parser';

/** A piece of text with its offset in the file. Its markup is replaced by blanks, which keeps the offsets valid. */
export type Passage = { readonly kind: 'prose' | 'name' | 'title'; readonly at: number; readonly text: string };

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const childrenOf = (node: Node): Node[] =>
  (visitorKeys[node.type] ?? []).flatMap((key) => node[key]).filter((value) => isNode(value));

/** `title` of `it('title')`, `describe.each(rows)('title')` and the like. */
const titleOf = (node: Node): Node | undefined => {
  if (node.type !== 'CallExpression') return undefined;
  let callee = node['callee'];
  while (isNode(callee) && callee.type !== 'Identifier') callee = callee['object'] ?? callee['callee'] ?? callee['tag'];
  const isTest = isNode(callee) && ['it', 'test', 'describe'].includes(String(callee['name']));
  return isTest
    ? (node['arguments'] as Node[]).find(({ type }) => type === 'Literal' || type === 'TemplateLiteral')
    : undefined;
};

/** The words of a name: `confirmRows` is "confirm rows". */
const wordsOf = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|_/g, ' ');

/** A string without its opening quote, so that patterns for the start of a sentence match. */
const textPassage = (source: string, { start, end }: Node): Passage => {
  const text = source.slice(start, end);
  const at = Math.max(0, text.search(/[^'"`}]/));
  return { kind: 'prose', at: start + at, text: text.slice(at).replaceAll('\\n', '  ') };
};

const textsOf = (node: Node, source: string, isTest: boolean): Passage[] => {
  const title = titleOf(node);
  const own: Passage[] =
    title === undefined
      ? []
      : [{ kind: 'title', at: title.start + 1, text: source.slice(title.start + 1, title.end - 1) }];
  if (node.type === 'Identifier') own.push({ kind: 'name', at: node.start, text: wordsOf(String(node['name'])) });
  const isText = node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node['value'] === 'string');
  if (isText && !isTest) own.push(textPassage(source, node));
  if (node.type === 'ImportDeclaration') return own;
  return [...own, ...childrenOf(node).flatMap((child) => textsOf(child, source, isTest))];
};

/** Consecutive line comments are merged into one passage. */
const commentsOf = (path: string, source: string): Passage[] => {
  const merged: { at: number; end: number }[] = [];
  for (const { start, end } of parseSync(path, source).comments) {
    const last = merged.at(-1);
    if (last !== undefined && source.slice(last.end, start).trim() === '') last.end = end;
    else merged.push({ at: start, end });
  }
  return merged.map(({ at, end }) => ({
    kind: 'prose',
    at,
    text: source.slice(at, end).replaceAll(/^\s*(\/\*\*?|\/\/|\*\/|\*)|`[^`\n]*`|\{@link [^}]*\}/gm, blank),
  }));
};

const codePassages = (path: string, source: string): Passage[] => [
  ...commentsOf(path, source),
  ...textsOf(parseSync(path, source).program as unknown as Node, source, path.startsWith('test/')),
];

/** A page without its code, link targets and HTML comments. */
const pagePassage = (source: string): Passage => ({
  kind: 'prose',
  at: 0,
  text: source
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, blank)
    .replaceAll(/`[^`]*`|\]\([^)\s]*\)|<!--[\s\S]*?-->/g, blank)
    .replaceAll(/^[#>|\-*\s]+/gm, blank)
    .replaceAll(/\n(?=\s*\n)/g, '.'),
});

/** The passages of a file: comments, strings, names and test titles of code; the whole text of any other file. */
export const passagesOf = (path: string, source: string): readonly Passage[] =>
  /\.m?[jt]s$/.test(path) ? codePassages(path, source) : [pagePassage(source)];
