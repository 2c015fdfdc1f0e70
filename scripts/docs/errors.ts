import { type ProblemCode, problemOf, problems } from '../../src/core/problems.ts';
import { failures } from '../../src/products/failures.ts';
import { code, generatedFrom, json, table } from './markdown.ts';

/** docs/errors.md */
export const errorsPage = (): string => `# Errors

${generatedFrom('src/core/problems.ts and src/products/failures.ts')}
## Answers of the public listener

Problem details (RFC 9457). They never say why a signature failed and echo nothing from the request; the log has the
\`requestId\` and the reason.

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

\`data.failure.reason\` of an event, after the table of PayCools (docs.paycools.com.ph, page "API General Code"). The message
decides where it is one of the table, because PayCools renumbered its codes; anything else is \`other\`.

${table(
  ['failedCode', 'failedMessage', 'reason'],
  failures.map(({ code: number, message, reason }) => [String(number), message, code(reason)]),
)}
`;
