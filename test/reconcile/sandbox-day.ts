import { buffer } from 'node:stream/consumers';
import type { Screen } from '../../src/cli/io.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { paycools } from '../cli/support.ts';
import { checkoutOf, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { serveHttp } from '../support/listen.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { reconcileEnv } from './environment.ts';

const AMOUNT = 125_000;
/** The sandbox leaves amounts with this ending pending. */
const PENDING_AMOUNT = 125_002;
/** Longer than a day (then `stuck-pending`) and longer than an hour (then `unknown-to-paycools`). */
const LATER_MS = 26 * HOUR_MS;

type Row = Readonly<Record<string, unknown>>;
/** The changes to rows of the statement, by transaction. */
type Damage = Readonly<Record<string, Row>>;

const damagedText = (text: string, damage: Damage): string =>
  JSON.stringify(
    JSON.parse(text, (_name, value: { transactionId?: string } | null) => {
      const change = damage[value?.transactionId ?? ''];
      return change === undefined ? value : { ...value, ...change };
    }),
  );

/** A proxy that damages the sandbox's statements: the sandbox itself sends no odd rows. */
const startDamager = async (target: string, damage: Damage): Promise<string> => {
  const proxy = await serveHttp(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const body = await buffer(request);
    const { host: _host, connection: _connection, 'content-length': _length, ...sent } = headers;
    const reply = await fetch(`${target}${url}`, {
      method,
      headers: sent as Record<string, string>,
      ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    });
    const text = await reply.text();
    const isStatement = url.startsWith('/api/v1/record/');
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(isStatement ? damagedText(text, damage) : text);
  });
  return proxy.url;
};

/**
 * Starts a service and a sandbox whose callbacks are all lost, and posts some by hand, so that there is one finding of
 * each kind.
 *
 * @returns `run`, which runs `paycools` against both, a day later
 */
export const startSandboxDay = async () => {
  const { publicUrl, namespace } = await startTestService();
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, chaos: { lost: 1 } }));
  const client = clientOf(sandbox.url);
  const paid = async (mchOrderId: string, amount = AMOUNT): Promise<string> => {
    await client.payout.create({ ...payoutOf(amount), mchOrderId });
    await sandbox.settled();
    return (await client.payout.status({ mchOrderId })).transactionId;
  };
  const callBack = (mchOrderId: string, transactionId: string, change: Record<string, unknown> = {}) =>
    post(
      `${publicUrl}/callbacks/payout`,
      sign(
        payoutFields({
          amount: AMOUNT,
          createTime: undefined,
          returnTime: undefined,
          mchOrderId,
          transactionId,
          ...change,
        }),
      ),
    );
  await callBack('INV-0001', await paid('INV-0001'));
  await paid('INV-0002');
  const failed = { eventName: 'disbursement.failed', transactionStatus: 'FAILED' };
  await callBack('INV-0003', await paid('INV-0003'), failed);
  await callBack('INV-0004', await paid('INV-0004'), { amount: 120_000 });
  await callBack('INV-9999', await paid('INV-0005'));
  const unreadable = await paid('INV-0006');
  await paid('INV-0007', PENDING_AMOUNT);
  await callBack('INV-0008', 'D10017640008');
  await client.checkout.create({ ...checkoutOf(30_000, publicUrl), mchOrderId: 'INV-0009', channelCodeList: ['NEW'] });
  await sandbox.settled();
  const { transactionId: checkout = '' } = sandbox.transactions.find(({ product }) => product === 'checkout') ?? {};
  const url = await startDamager(sandbox.url, {
    [unreadable]: { amount: '1,250.00' },
    [checkout]: { transactionId: 'C10017640009', merchantOrderId: 'INV-0010' },
  });
  const env = reconcileEnv(namespace, url);
  const run = (words: readonly string[], { ms, screen }: { readonly ms: number; readonly screen?: Screen }) =>
    paycools(words, { env, now: () => Date.now() + ms, screen: screen ?? null });
  return { run, later: LATER_MS };
};
