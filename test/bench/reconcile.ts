// `node test/bench/reconcile.ts [rows…]`: reconciles a day of N statement rows (default 10,000, then 100,000) with a ledger of
// as many. Sandbox, Redis and the run have their own processes on this machine; the memory is that of the run.
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { startRedis } from '../../scripts/redis-server.ts';
import { createPaycoolsClient } from '../../src/client/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { AMOUNT, compareAlone, fillLedger, type Measured, measureRun, ORDER } from './reconcile-run.ts';

const DEFAULT_SIZES = ['10000', '100000'];
const APP_ID = 'bench';
const PAGE_SIZE = 100;
/** The flags of the image, without which V8 collects garbage later. */
const NODE_FLAGS = ['--expose-gc', '--max-old-space-size=512', '--min-semi-space-size=16', '--max-semi-space-size=16'];
const MB = 1024 * 1024;

/** The work of a child process. */
type Task =
  | { readonly kind: 'sandbox'; readonly rows: number; readonly publicKey: string; readonly privateKey: string }
  | { readonly kind: 'run'; readonly url: string; readonly redisUrl: string; readonly privateKey: string };

type SandboxReply = { readonly url: string; readonly ids: readonly string[] };

/** A sandbox in which N customers have paid one code today. It runs until its process is killed. */
const runSandbox = async ({
  rows,
  publicKey,
  privateKey,
}: Extract<Task, { kind: 'sandbox' }>): Promise<SandboxReply> => {
  const sandbox = await startSandbox({ appId: APP_ID, publicKey, callbackSecret: 'bench', pageSize: PAGE_SIZE });
  const client = createPaycoolsClient({ baseUrl: sandbox.url, appId: APP_ID, appName: 'Bench', privateKey });
  await client.qrCode.create({ mchOrderId: ORDER, customerName: 'Bench', channelCode: 'QRPH_STATIC_QR' });
  for (let index = 0; index < rows; index += 1) {
    await sandbox.pay({ product: 'qr-code', mchOrderId: ORDER, amount: AMOUNT });
  }
  return { url: sandbox.url, ids: sandbox.transactions.map(({ transactionId }) => transactionId) };
};

const perform = async (task: Task): Promise<unknown> =>
  task.kind === 'sandbox' ? runSandbox(task) : measureRun({ ...task, appId: APP_ID });

const inChild = async (task: Task): Promise<{ readonly child: ChildProcess; readonly reply: unknown }> => {
  const child = fork(import.meta.filename, ['child'], { execArgv: NODE_FLAGS });
  child.send(task);
  const [reply] = await once(child, 'message');
  return { child, reply };
};

const measure = async (rows: number): Promise<Measured> => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const dataDir = `.data/bench-${process.pid}-${rows}`;
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  await using redis = await startRedis({ dataDir, say: console.error });
  const sandbox = await inChild({ kind: 'sandbox', rows, publicKey, privateKey });
  const { url, ids } = sandbox.reply as SandboxReply;
  await fillLedger(redis.url, ids);
  const run = await inChild({ kind: 'run', url, redisUrl: redis.url, privateKey });
  sandbox.child.kill();
  run.child.kill();
  return run.reply as Measured;
};

const formatRow = (cells: readonly (string | number)[]): string =>
  cells.map((cell) => String(cell).padStart(22)).join('');

const main = async (sizes: readonly string[]): Promise<void> => {
  console.log(formatRow(['rows', 'matched', 'seconds', 'rows/s', 'compare alone, rows/s', 'peak growth, MB']));
  for (const size of sizes) {
    const rows = Number(size);
    const alone = compareAlone(rows);
    const { seconds, matched, growth } = await measure(rows);
    console.log(
      formatRow([
        rows,
        matched,
        seconds.toFixed(1),
        Math.round(rows / seconds),
        Math.round(alone),
        (growth / MB).toFixed(1),
      ]),
    );
  }
};

if (process.argv[2] === 'child') {
  process.once('message', async (task: Task) => process.send?.(await perform(task)));
} else {
  await main(process.argv.length > 2 ? process.argv.slice(2) : DEFAULT_SIZES);
}
