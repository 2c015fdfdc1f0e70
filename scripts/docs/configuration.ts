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
The service is configured by environment variables only. All problems are reported at once, by name; values are never
printed. Blank or unexpanded (\`\${X}\`) secrets are refused. A \`…_FILE\` variable names a file that contains the value.

## One merchant

In the environment, these variables define the merchant \`default\`. The objects in \`MERCHANTS_FILE\` use the same names. At
least a callback secret or a public key is required.

${table(HEAD, rows(merchantVariables))}

## The service

${table(HEAD, rows(serviceVariables))}

## paycools forward

[Forwarding](forwarding.md) also reads \`REDIS_URL\`, \`REDIS_URL_FILE\` and \`QUEUE_PREFIX\`.

${table(HEAD, rows(forwardVariables))}

## MERCHANTS_FILE

\`\`\`json
{
  "acme": { "PAYCOOLS_CALLBACK_SECRET_FILE": "/run/secrets/acme" },
  "bolt": { "PAYCOOLS_CALLBACK_SECRET": "…", "PAYCOOLS_TIME_ZONE": "Asia/Jakarta", "ALLOWED_IPS": "203.0.113.0/24" }
}
\`\`\`

The address of a merchant is \`/merchants/acme/callbacks/{product}\`. The file is reloaded on SIGHUP and when it changes. An
invalid file is refused with its problems in the log, and the previous merchants remain in effect. A source address must
be in the \`ALLOWED_IPS\` of the environment and in those of the merchant, if set.
`;
