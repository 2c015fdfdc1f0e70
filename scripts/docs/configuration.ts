import { forwardVariables, serviceVariables } from '../../src/config/environment.ts';
import { merchantVariables } from '../../src/config/merchant-variables.ts';
import type { VariableTable } from '../../src/config/variable.ts';
import { code, generatedFrom, table } from './markdown.ts';

const rows = (variables: VariableTable): string[][] =>
  Object.entries(variables).map(([name, { description, fallback, hasFile }]) => [
    hasFile ? `${code(name)}, ${code(`${name}_FILE`)}` : code(name),
    code(fallback),
    description,
  ]);

const HEAD = ['variable', 'default', 'meaning'];

/** docs/configuration.md */
export const configurationPage = (): string => `# Configuration

${generatedFrom('src/config')}
Environment variables only. All problems are reported at once, by name; values are never printed. Blank or unexpanded
(\`\${X}\`) secrets are refused. A \`…_FILE\` variable names a file that holds the value.

## One merchant

Set in the environment they make the merchant \`default\`. The objects in \`MERCHANTS_FILE\` use the same names. At least a
callback secret or a public key is needed.

${table(HEAD, rows(merchantVariables))}

## The service

${table(HEAD, rows(serviceVariables))}

## paycools forward

[Forwarding](forwarding.md) reads \`REDIS_URL\`, \`REDIS_URL_FILE\` and \`QUEUE_PREFIX\`, too.

${table(HEAD, rows(forwardVariables))}

## MERCHANTS_FILE

\`\`\`json
{
  "acme": { "PAYCOOLS_CALLBACK_SECRET_FILE": "/run/secrets/acme" },
  "bolt": { "PAYCOOLS_CALLBACK_SECRET": "…", "PAYCOOLS_TIME_ZONE": "Asia/Jakarta", "ALLOWED_IPS": "203.0.113.0/24" }
}
\`\`\`

Their addresses are \`/merchants/acme/callbacks/{product}\` and so on. The file is read again on SIGHUP and when it changes; a
broken one is refused with its reasons in the log, and the previous merchants stay in force. Where both are set, the
\`ALLOWED_IPS\` of the environment apply to every merchant, in addition to the merchant's own.
`;
