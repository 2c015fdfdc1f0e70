// `npm run packages`: the publishable packages of a worker and of an API client, built from dist into dist-packages/.
// Each holds the files that its entry imports and depends on what these import, so that a worker installs no web server.
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

const whole = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

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

/** A declaration file names sources; what it means is the declaration next to them. */
const declarationOf = (path: string): string => path.replace(/\.(?:js|ts)$/, '.d.ts');

/** The Lua scripts that a compiled file loads by name. */
const SCRIPT = /\bloadScript\([\w.]+, ["']([\w-]+)["']\)/g;
const scriptsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(SCRIPT)].map(([, name]) => `dist/redis/scripts/${name}.lua`);

type Found = { readonly files: Set<string>; readonly dependencies: Set<string> };

/** Follows the imports of a file, and of its declarations. */
const follow = (path: string, found: Found): void => {
  if (found.files.has(path)) return;
  found.files.add(path);
  for (const script of scriptsOf(path)) found.files.add(script);
  for (const target of importsOf(path)) {
    const isOwn = target.startsWith('.');
    const next = normalize(join(dirname(path), target));
    if (isOwn) follow(path.endsWith('.d.ts') ? declarationOf(next) : next, found);
    else if (!target.startsWith('node:')) found.dependencies.add(packageOf(target));
  }
};

const filesOf = (entry: string): Found => {
  const found: Found = { files: new Set(), dependencies: new Set() };
  follow(entry, found);
  follow(declarationOf(entry), found);
  return found;
};

const readmeOf = (name: string, folder: string, description: string): string => `# ${name}

${description} It is the entry \`paycools-webhooks/${folder}\` of the package paycools-webhooks, with the same version and
without what the service needs: the same names are exported. Use one of the two, not both.
`;

const build = ({ folder, entry, description }: (typeof packages)[number]): void => {
  const target = join(OUTPUT, folder);
  const name = `@paycools-webhooks/${folder}`;
  const { files, dependencies } = filesOf(entry);
  for (const file of files) {
    mkdirSync(join(target, dirname(file)), { recursive: true });
    cpSync(file, join(target, file));
  }
  const { version, license, type, engines, keywords } = whole;
  const versionOf = (dependency: string): string => {
    const found = whole.dependencies[dependency];
    if (found === undefined) throw new Error(`${entry} imports ${dependency}, which is not a dependency`);
    return found;
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
