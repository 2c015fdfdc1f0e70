import { forwardVariables, variables } from '../../src/config/environment.ts';
import type { Variable } from '../../src/config/variable.ts';

const lineOf = ([name, { description, fallback, hasFile }]: readonly [string, Variable<unknown>]): string => {
  const note = hasFile ? `# ${description} Or set ${name}_FILE to the path of a file with it.` : `# ${description}`;
  return `${note}\n${fallback === '' ? '#' : ''}${name}=${fallback}\n`;
};

/** .env.example */
export const environmentExample = (): string =>
  [
    '# Configuration of paycools-webhooks. Generated from src/config by `npm run generate`.\n',
    ...(Object.entries({ ...variables, ...forwardVariables }) as readonly [string, Variable<unknown>][]).map(lineOf),
  ].join('\n');
