import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';

const asComposeReads = { merge: true };

/** The one document of a YAML file. Its shape is what the test says it is. */
export const readYaml = <Shape>(path: string): Shape => parse(readFileSync(path, 'utf8'), asComposeReads) as Shape;

/** Every document of the YAML files of a folder, with the file that it is in. */
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
