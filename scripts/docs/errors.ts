import { type ProblemCode, problemOf, problems } from '../../src/core/problems.ts';
import { failures } from '../../src/products/failures.ts';
import { code, generatedFrom, json, table } from './markdown.ts';

/** docs/errors.md */
export const errorsPage = (): string => `# Errors

${generatedFrom('src/core/problems.ts and src/products/failures.ts')}
## Answers of the public listener

Problem details (RFC 9457). They never explain why a signature failed and echo nothing from the request; the log contains
the \`requestId\` and the reason.

${table(
  ['status', 'type', 'title'],
  Object.entries(problems).map(([name, { status, title }]) => [
    String(status),
    code(problemOf(name as ProblemCode, '').type),
    title,
  ]),
)}

${json(problemOf('unauthorized', '5c0fd8f5-0a4b-4f1e-9a5c-0f2d1f6a7b11'))}

## Reasons of a failure

\`data.failure.reason\` of an event follows PayCools's table (docs.paycools.com.ph, page "API General Code"). A message from the
table takes precedence over the code, because PayCools renumbered its codes. Anything else is \`other\`.

${table(
  ['failedCode', 'failedMessage', 'reason'],
  failures.map(({ code: number, message, reason }) => [String(number), message, code(reason)]),
)}
`;
