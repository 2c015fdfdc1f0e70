// Makes what the compose file and the Kubernetes manifests need and nobody should have to type, in the folder that is
// named: a password for Redis, as the URL of the service and as the access list of the server, and the key pair of a
// merchant of the sandbox. What is there already is kept. It runs on any Node.js from 20 on, and needs nothing else.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node make-secrets.mjs FOLDER\n');
  process.exit(2);
}

/** Each container reads the files as a user of its own. The volume is mounted by those that need it. */
const READABLE = { mode: 0o444 };

const keep = (name, make) => {
  const path = join(folder, name);
  if (!existsSync(path)) {
    writeFileSync(path, make(), READABLE);
    process.stderr.write(`made ${path}\n`);
  }
  return readFileSync(path, 'utf8');
};

const newUrl = () => `redis://paycools:${randomBytes(24).toString('hex')}@redis:6379\n`;

const accessList = (url) => {
  const hash = createHash('sha256').update(new URL(url.trim()).password).digest('hex');
  return readFileSync(new URL('redis-users.acl', import.meta.url), 'utf8').replace('PASSWORD_SHA256', hash);
};

const newPrivateKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });

mkdirSync(folder, { recursive: true });
const url = keep('redis-url', newUrl);
keep('users.acl', () => accessList(url));
keep('sandbox-private-key.pem', newPrivateKey);
