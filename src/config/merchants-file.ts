import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { MerchantSettings } from './environment.ts';
import { type ConfigProblem, type ConfigSource, loadMerchant } from './load.ts';
import { merchantVariables } from './merchant-variables.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const fileSchema = z.record(z.string(), z.record(z.string(), z.string()));

const known = new Set(
  Object.entries(merchantVariables).flatMap(([name, { hasFile }]) => (hasFile ? [name, `${name}_FILE`] : [name])),
);

const problemsOf = (name: string, variables: Readonly<Record<string, string>>): ConfigProblem[] => [
  ...(NAME.test(name)
    ? []
    : [
        {
          name,
          problem:
            'must be 1 to 64 lowercase letters, digits, hyphens or underscores, beginning with a letter or digit',
        },
      ]),
  ...Object.keys(variables)
    .filter((variable) => !known.has(variable))
    .map((variable) => ({ name: `${name}.${variable}`, problem: 'is not a merchant setting' })),
];

/**
 * Parses MERCHANTS_FILE: a JSON object that maps each merchant's name to its variables.
 *
 * @returns all merchants, or all problems by merchant and variable, without values
 */
export const parseMerchants = (
  content: string,
  readFile: ConfigSource['readFile'],
): Result<ReadonlyMap<string, MerchantSettings>, readonly ConfigProblem[]> => {
  const file = fileSchema.safeParse(parseJson(content));
  if (!file.success) {
    return fail([{ name: 'MERCHANTS_FILE', problem: 'must be a JSON object of merchants, each an object of strings' }]);
  }
  if (Object.keys(file.data).length === 0) {
    return fail([{ name: 'MERCHANTS_FILE', problem: 'contains no merchant: add one, or leave MERCHANTS_FILE empty' }]);
  }
  const merchants = new Map<string, MerchantSettings>();
  const problems: ConfigProblem[] = [];
  for (const [name, env] of Object.entries(file.data)) {
    problems.push(...problemsOf(name, env));
    const loaded = loadMerchant({ env, readFile });
    if (loaded.ok) merchants.set(name, loaded.value);
    else problems.push(...loaded.error.map((it) => ({ ...it, name: `${name}.${it.name}` })));
  }
  return problems.length > 0 ? fail(problems) : ok(merchants);
};
