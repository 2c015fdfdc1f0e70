import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePort } from '../../../scripts/redis-server.ts';
import { createPaycoolsClient } from '../../../src/client/index.ts';
import { end, track } from '../../support/children.ts';

const APP_ID = 'sandbox-app';

type Transaction = { readonly transactionId: string; readonly status: string };

/** A sandbox in its own process, which sends callbacks and answers queries about payments. */
export type BackOffice = {
  readonly url: string;
  readonly appId: string;
  /** Creates virtual accounts. Returns their orders. */
  readonly createAccounts: (count: number, privateKey: string) => Promise<readonly string[]>;
  /** Pays into an account as a customer would. Resolves when the callback has been answered. */
  readonly pay: (order: string) => Promise<void>;
  /** Changes keys as a merchant would in the back office. The old ones are invalid from then on. */
  readonly change: (keys: { readonly publicKey?: string; readonly callbackSecret?: string }) => Promise<void>;
  /** The transactions of the payments, each of which got one callback. */
  readonly payments: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
};

/** Starts `paycools sandbox` with the keys in these variables. */
export const startBackOffice = async (callbackUrl: string, env: Readonly<Record<string, string>>) => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = ['--quiet', '--port', new URL(url).port, '--callback-url', callbackUrl, '--app-id', APP_ID];
  const child = track(
    spawn(process.execPath, ['src/cli/main.ts', 'sandbox', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  await new Promise<void>((listens) => createInterface({ input: child.stdout }).once('line', () => listens()));
  const post = async (action: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${url}/sandbox/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${action}: ${await reply.text()}`);
    await reply.arrayBuffer();
  };
  const backOffice: BackOffice = {
    url,
    appId: APP_ID,
    createAccounts: async (count, privateKey) => {
      const client = createPaycoolsClient({ baseUrl: url, appId: APP_ID, appName: 'Shop', privateKey });
      const orders = Array.from({ length: count }, (_, index) => `ROTATE${String(index).padStart(6, '0')}`);
      const holder = { customerName: 'Juan Dela Cruz', email: 'juan@shop.example', channelCode: 'BPI' };
      for (const mchOrderId of orders) await client.virtualAccount.create({ ...holder, mchOrderId });
      return orders;
    },
    pay: (order) => post('pay', { order }),
    change: (keys) => post('back-office', keys),
    payments: async () => {
      const all = (await (await fetch(`${url}/sandbox/transactions`)).json()) as readonly Transaction[];
      return all.filter(({ status }) => status === 'COMPLETE').map(({ transactionId }) => transactionId);
    },
    stop: () => end(child, 'SIGTERM'),
  };
  return backOffice;
};
