import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Files that compare what a stranger sent with a secret. */
const FILES = ['src/verify/sha1-secret.ts', 'src/console/access/session.ts'];

/** Comparisons that stop at the first difference, so that their duration reveals where it is. */
const EARLY = [
  /\.(equals|compare|localeCompare|startsWith)\(/,
  /(hash|digest|reveal)\([^\n]*\)\)? *[!=]==/,
  /\ba [!=]== b\b/,
];

const complaintsAbout = (source: string): string[] =>
  source.includes(' timingSafeEqual(') || source.includes('\n    timingSafeEqual(')
    ? EARLY.filter((pattern) => pattern.test(source)).map(String)
    : ['nothing is compared in constant time'];

// From outside, the two cannot be told apart reliably, so the sources are read.
describe('digests and tokens', () => {
  it.each(FILES)('are only compared in constant time in %s', (file) => {
    expect(complaintsAbout(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('must not be compared up to the first difference', () => {
    expect(complaintsAbout('const isSame = (a, b) => a === b;')).toHaveLength(1);
    expect(complaintsAbout('x = timingSafeEqual(a, b) || hash("sha1", text) === given;')).toHaveLength(1);
    expect(complaintsAbout('x = timingSafeEqual(a, b) || digest.equals(given);')).toHaveLength(1);
  });
});
