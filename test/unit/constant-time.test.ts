import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Where something that a stranger sent is compared with something that only we know. */
const FILES = ['src/verify/sha1-secret.ts', 'src/console/access/session.ts'];

/** Comparisons that end at the first difference: how long they take shows where it is. */
const EARLY = [
  /\.(equals|compare|localeCompare|startsWith)\(/,
  /(hash|digest|reveal)\([^\n]*\)\)? *[!=]==/,
  /\ba [!=]== b\b/,
];

const complaintsAbout = (source: string): string[] =>
  source.includes(' timingSafeEqual(') || source.includes('\n    timingSafeEqual(')
    ? EARLY.filter((pattern) => pattern.test(source)).map(String)
    : ['nothing is compared in constant time'];

// Nothing that can be seen from outside tells the two apart reliably, so the sources are read.
describe('digests and tokens', () => {
  it.each(FILES)('are compared in constant time alone in %s', (file) => {
    expect(complaintsAbout(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('would not pass where the comparison ends at the first difference', () => {
    expect(complaintsAbout('const isSame = (a, b) => a === b;')).toHaveLength(1);
    expect(complaintsAbout('x = timingSafeEqual(a, b) || hash("sha1", text) === given;')).toHaveLength(1);
    expect(complaintsAbout('x = timingSafeEqual(a, b) || digest.equals(given);')).toHaveLength(1);
  });
});
