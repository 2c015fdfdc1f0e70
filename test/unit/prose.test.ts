import { describe, expect, it } from 'vitest';
import { findProblems } from '../../scripts/prose/find-problems.ts';
import { patterns } from '../../scripts/prose/patterns.ts';

/** A refused sentence for every pattern, in the order of the table. */
const refused = [
  'It delivers the news.',
  'It is quarantined.',
  'This settles the row.',
  'The reason comes with its mend.',
  'The hook hears of it.',
  'While Redis is away, it waits.',
  'The journal keeps what came in.',
  'It waits where there is a gap.',
  'The schedule is taken away.',
  'It shows until when the token works.',
  'It is a word that nobody knows.',
  'It is no URL.',
  'The third is none.',
  'There is none.',
  'Given: none that is a text.',
  'It tells the reason.',
  'This is said nowhere.',
  'It says the same.',
  'The run goes on afterwards.',
  'It waits for so long.',
  'One more has it besides.',
  'It never runs beside itself.',
  'It stands in the ledger.',
  'It lets go of the job.',
  'It answers for want of a worker.',
  'It reads the key anew.',
  'A queue of ours.',
  'It has a queue of its own.',
  'It refuses it again and again.',
  'The variable has a twin.',
  'It stays for ever.',
  'Two ports are to be mapped.',
  'No event is doubled.',
  'It gives back a text.',
  'How often is looked here.',
  'A callback walks through the house.',
  'It came with another content.',
  'In the end it works.',
  'Who has such a pair can read it.',
  'What was asked once is kept for a minute.',
  'Problems as of RFC 9457.',
  'The dearest body comes first.',
  'A folder that is gone with the test.',
  'It is null where the order is missing.',
  'Callbacks of one tick go together.',
  'One entry holds up no other.',
  'It lives as long as the entry.',
  'It logs what goes wrong.',
  'It waits where that is slow.',
  'It is compared as far as it is known.',
  'It refuses whoever sends too much.',
  'It is mostly one call.',
  'Doing it twice does no harm.',
  'A test builds the true service.',
  'An id that begins so.',
  'Its key is another one than ours.',
  'It lists runs, the newest first.',
  'It consists of small letters.',
  'The sandbox takes a free port.',
  'that ends',
];

const foundIn = (path: string, source: string) =>
  findProblems(path, source).map(({ line, found }) => `${line} ${found}`);

describe('the prose check', () => {
  it('has a sample for every pattern', () => {
    expect(refused).toHaveLength(patterns.length);
  });

  it.each(refused.slice(0, -1))('refuses "%s" in a page, a comment and a text', (sentence) => {
    expect(findProblems('docs/a.md', `Fine.\n\n${sentence}\n`)).toMatchObject([{ line: 3 }]);
    expect(findProblems('src/a.ts', `// Fine.\n\n/** ${sentence} */\nconst a = 1;\n`)).toMatchObject([{ line: 3 }]);
    expect(findProblems('src/a.ts', `const a = '${sentence}';\n`)).toMatchObject([{ line: 1 }]);
    expect(findProblems('test/a.test.ts', `it('${sentence}', () => {});\n`)).toMatchObject([{ line: 1 }]);
  });

  it.each(["it('that ends')", "describe.each(rows)('that ends')", 'it.each`a`(`that ends`)'])(
    'refuses the title %s',
    (code) => {
      expect(foundIn('test/a.test.ts', code)).toEqual(['1 that']);
    },
  );

  it('refuses words of the glossary in names, and leaves those of JavaScript alone', () => {
    expect(foundIn('src/a.ts', 'const settleRows = (latestNews: News) => Promise.allSettled([]);')).toEqual([
      '1 settle',
      '1 News',
    ]);
  });

  it('finds phrases that a line break divides', () => {
    expect(foundIn('src/a.ts', '// It is\n// no URL.\n')).toEqual(['1 is no']);
    expect(foundIn('.env.example', '# It is\n# no URL.\n')).toEqual(['1 is no']);
  });

  it('leaves code in pages and texts of tests alone', () => {
    expect(foundIn('docs/a.md', 'Set `news`:\n\n```sh\necho news\n```\n\n[page](news.md)\n')).toEqual([]);
    expect(foundIn('test/a.test.ts', "const text = 'news';")).toEqual([]);
  });

  it.each([
    'There is no Redis.',
    'It is no longer there.',
    'It says what to do.',
    'A name can be told apart from another.',
    'The event goes on the queue.',
    'It waits so that nothing is lost.',
    'What is a callback?',
    'The promise settles.',
  ])('accepts "%s"', (sentence) => {
    expect(foundIn('docs/a.md', sentence)).toEqual([]);
  });
});
