// `npm run packages`: builds two packages for publishing from dist into dist-packages: the consumer library and the API
// client. Each contains only the files that its entry imports, and depends only on the packages that these import, so
// that a worker does not install a web server.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const OUTPUT = 'dist-packages';

type Manifest = {
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly keywords: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
};

const root = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

const packages = [
  {
    folder: 'consumer',
    entry: 'dist/consumer/index.js',
    description: 'Typed workers for PayCools payment events, for merchants who run paycools-webhooks.',
  },
  {
    folder: 'client',
    entry: 'dist/client/index.js',
    description: 'Typed client of the PayCools Open API: payouts, collections, refunds, statements.',
  },
] as const;

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g;
const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, target]) => target ?? '');

/** `zod` for `zod/v4/core`, `@scope/name` for `@scope/name/part`. */
const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Declaration files import `.js` or `.ts` files; the types are in the `.d.ts` files next to them. */
const declarationOf = (path: string): string => path.replace(/\.(?:js|ts)$/, '.d.ts');

/** The Lua scripts that a compiled file loads by name. */
const SCRIPT = /\bloadScript\([\w.]+, ["']([\w-]+)["']\)/g;
const scriptsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(SCRIPT)].map(([, name]) => `dist/redis/scripts/${name}.lua`);

type Contents = { readonly files: Set<string>; readonly dependencies: Set<string> };

/** Collects a file, everything that it imports, and the Lua scripts that these load. */
const collect = (path: string, contents: Contents): void => {
  if (contents.files.has(path)) return;
  contents.files.add(path);
  for (const script of scriptsOf(path)) contents.files.add(script);
  for (const target of importsOf(path)) {
    const isRelative = target.startsWith('.');
    const next = normalize(join(dirname(path), target));
    if (isRelative) collect(path.endsWith('.d.ts') ? declarationOf(next) : next, contents);
    else if (!target.startsWith('node:')) contents.dependencies.add(packageOf(target));
  }
};

const contentsOf = (entry: string): Contents => {
  const contents: Contents = { files: new Set(), dependencies: new Set() };
  collect(entry, contents);
  collect(declarationOf(entry), contents);
  return contents;
};

const readmeOf = (name: string, folder: string, description: string): string => `# ${name}

${description} It has the same version and exports as \`paycools-webhooks/${folder}\`, without the dependencies of the service.
Use one of the two, not both.
`;

const build = ({ folder, entry, description }: (typeof packages)[number]): void => {
  const target = join(OUTPUT, folder);
  const name = `@paycools-webhooks/${folder}`;
  const { files, dependencies } = contentsOf(entry);
  for (const file of files) {
    mkdirSync(join(target, dirname(file)), { recursive: true });
    cpSync(file, join(target, file));
  }
  const { version, license, type, engines, keywords } = root;
  const versionOf = (dependency: string): string => {
    const range = root.dependencies[dependency];
    if (range === undefined) throw new Error(`${entry} imports ${dependency}, which is not a dependency`);
    return range;
  };
  const manifest = {
    name,
    version,
    description,
    keywords,
    license,
    type,
    engines,
    sideEffects: false,
    files: ['dist'],
    exports: {
      '.': { types: `./${declarationOf(entry)}`, default: `./${entry}` },
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries([...dependencies].toSorted().map((it) => [it, versionOf(it)])),
  };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(target, 'README.md'), readmeOf(name, folder, description));
  cpSync('LICENSE', join(target, 'LICENSE'));
  process.stdout.write(`${target}: ${files.size} files, needs ${Object.keys(manifest.dependencies).join(', ')}\n`);
};

rmSync(OUTPUT, { recursive: true, force: true });
for (const each of packages) build(each);
