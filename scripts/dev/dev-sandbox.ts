import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createPaycoolsClient, generateMerchantKeyPair, type PaycoolsClient } from '../../src/client/index.ts';
import type { Secret } from '../../src/core/secret.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

const APP_ID = 'dev-app';
const APP_NAME = 'Development';
const KEY_FILE = 'dev-private-key.pem';
const ENV_FILE = 'dev.env';
const OWNER_ONLY = { mode: 0o600 };

export type DevSandboxOptions = {
  readonly port: number;
  readonly callbackUrl: string;
  readonly callbackSecret: Secret;
  /** The service's Redis, for the env file. */
  readonly redisUrl: string;
  /** The service's ports, for the env file: `send` and `doctor` need them. */
  readonly servicePorts: { readonly PORT: number; readonly OPS_PORT: number };
  readonly dataDir: string;
};

/** The sandbox PayCools, and a client with access to it. */
export type DevSandbox = {
  readonly sandbox: Sandbox;
  readonly client: PaycoolsClient;
  /** Path of the env file with which a worker and the command line reach the development set-up. */
  readonly envFile: string;
};

/** Starts the sandbox with a new key pair, and writes the env file that `npm run paycools` reads. */
export const startDevSandbox = async ({
  port,
  callbackUrl,
  callbackSecret,
  redisUrl,
  servicePorts,
  dataDir,
}: DevSandboxOptions): Promise<DevSandbox> => {
  const { privateKey, publicKey } = await generateMerchantKeyPair();
  const sandbox = await startSandbox({ appId: APP_ID, publicKey, callbackSecret, callbackUrl, port });
  mkdirSync(dataDir, { recursive: true });
  const [keyFile, envFile] = [join(dataDir, KEY_FILE), join(dataDir, ENV_FILE)];
  writeFileSync(keyFile, privateKey.reveal(), OWNER_ONLY);
  const env = {
    REDIS_URL: redisUrl,
    PORT: String(servicePorts.PORT),
    OPS_PORT: String(servicePorts.OPS_PORT),
    PAYCOOLS_BASE_URL: sandbox.url,
    PAYCOOLS_APP_ID: APP_ID,
    PAYCOOLS_APP_NAME: APP_NAME,
    PAYCOOLS_PRIVATE_KEY_FILE: resolve(keyFile), // absolute: the env file may be used in another folder
    PAYCOOLS_CALLBACK_SECRET: callbackSecret.reveal(),
  };
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(envFile, lines.join(''), OWNER_ONLY);
  return {
    sandbox,
    envFile,
    client: createPaycoolsClient({ baseUrl: sandbox.url, appId: APP_ID, appName: APP_NAME, privateKey }),
  };
};
