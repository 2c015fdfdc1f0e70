import { expect, it } from 'vitest';
import { checkFiles, formatProblem } from '../../scripts/prose/check-files.ts';

it('comments, messages, names, titles and pages are in the words of the project', () => {
  expect(checkFiles().map(formatProblem)).toEqual([]);
});
