// Makes the secrets of the compose file and of Kubernetes that nobody should have to type, in the folder that is named: a
// password for Redis, as the URL of the service and as the access list of the server; the token of the console; the
// secret that forwarded events are signed with; and the private key of a sandbox merchant. Existing files are kept, except
// that a token in OPS_TOKEN replaces the one there. It runs on any Node.js from 20 on, and needs nothing else.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, redisHost = 'redis'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node make-secrets.mjs FOLDER [HOST OF REDIS]\n');
  process.exit(2);
}

/** Each container reads the files as a user of its own. The volume is mounted by those that need it. */
const READABLE = { mode: 0o444 };

const keep = (name, make, isReplaced = false) => {
  const path = join(folder, name);
  if (isReplaced) rmSync(path, { force: true });
  if (!existsSync(path)) {
    writeFileSync(path, make(), READABLE);
    process.stderr.write(`made ${path}\n`);
  }
  return readFileSync(path, 'utf8');
};

const newUrl = () => `redis://paycools:${randomBytes(24).toString('hex')}@${redisHost}:6379\n`;

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
keep('forward-secret', () => `whsec_${randomBytes(32).toString('base64')}`);
const token = process.env.OPS_TOKEN ?? '';
keep('ops-token', () => token || randomBytes(24).toString('hex'), token !== '');
