import { expect, it } from 'vitest';
import { checkFiles, formatProblem } from '../../scripts/prose/check-files.ts';

it('comments, messages, names, test titles and pages contain no refused phrases', () => {
  expect(checkFiles().map(formatProblem)).toEqual([]);
});
