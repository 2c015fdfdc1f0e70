import type { z } from 'zod';

/** Describes what a schema refused: one sentence for each problem, naming the member and never showing its value. */
export const describeIssues = ({ issues }: z.ZodError): readonly string[] =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
