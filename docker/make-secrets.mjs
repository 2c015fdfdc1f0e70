// Makes the secrets for Docker Compose and Kubernetes that nobody should have to type, in the given folder: a password for
// Redis, in the URL for the service and in the access list for the server; the token of the console; the secret that signs
// forwarded events; and the private key of a sandbox merchant. It keeps existing files, but a token in OPS_TOKEN replaces
// the existing one. It needs only Node.js 20 or later.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, redisHost = 'redis'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node make-secrets.mjs FOLDER [HOST OF REDIS]\n');
  process.exit(2);
}

/** Readable by all, because each container has a different user. Only containers that need the volume mount it. */
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
