import type { z } from 'zod';

/** What a schema found wrong, as texts that name members and never show a value. */
export const describeIssues = ({ issues }: z.ZodError): readonly string[] =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
