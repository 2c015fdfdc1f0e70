import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';

const asComposeReads = { merge: true };

/** The only document of a YAML file. Its shape is not checked. */
export const readYaml = <Shape>(path: string): Shape => parse(readFileSync(path, 'utf8'), asComposeReads) as Shape;

/** Every document of the YAML files of a folder, with its file. */
export const readManifests = <Shape>(folder: string): readonly (Shape & { readonly file: string })[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((file) =>
      parseAllDocuments(readFileSync(`${folder}/${file}`, 'utf8'), { strict: true }).map((document) => {
        const [error] = document.errors;
        if (error !== undefined) throw error;
        return { ...(document.toJS() as Shape), file };
      }),
    );

/** The instructions of the last stage of the Dockerfile, continued lines joined. */
export const readDockerfile = (): readonly { readonly name: string; readonly rest: string }[] => {
  const lines = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', ' ').split('\n');
  const all = lines.flatMap((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, rest }];
  });
  return all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
};

/** The rest of the last instruction of this name in the image, such as `CMD`. */
export const imageInstruction = (wanted: string): string =>
  readDockerfile().findLast(({ name }) => name === wanted)?.rest ?? '';

/** `NAME=value` lines as variables. */
export const parseVariables = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s).slice(0, 2)));

/** The variables that the image sets. */
export const imageEnv = (): Record<string, string> => parseVariables(imageInstruction('ENV').split(' '));

/** The command of the image, or of its `HEALTHCHECK`. */
export const imageCommand = (name = 'CMD'): string[] => {
  const text = imageInstruction(name);
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
};
