import { startConsole, storeReport } from '../console/support.ts';
import { giveUp } from '../support/end-job.ts';

/** A text that would take over a page that did not escape it. */
export const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(2)><style>*{display:none}</style>`;

/** Starts a console that has something to show on every page, and lists the paths of its pages. */
export const startStocked = async (env: Readonly<Record<string, string>> = {}) => {
  const started = await startConsole(env);
  const { send, sendForged, act, page, namespace } = started;
  await send({ transactionId: 'D-failed' });
  await giveUp(namespace, '{payout}');
  await send({ transactionId: 'D-well' });
  await send({ transactionId: 'D-well', amount: 1 });
  await send({ transactionId: 'D-odd', eventName: 'disbursement.unheard' });
  await sendForged({ remark: EVIL });
  await storeReport(namespace);
  await act('/console/actions/replay', { id: 'D-well' });
  const forged = /href="(\/console\/callbacks\/suspect-[^"]+)"/.exec(await page('/console/callbacks', 'suspect-'))?.[1];
  const paths = [
    '/console',
    '/console/callbacks',
    '/console/callbacks/D-well',
    '/console/payments/D-well',
    '/console/payments/D-failed',
    '/console/payments?id=D-',
    '/console/payments?id=nothing',
    `${forged}`,
    '/console/callbacks?id=nothing',
    '/console/failed',
    '/console/unrecognized',
    '/console/findings',
    '/console/reconciliation',
    '/console/audit',
    '/console/actions/redrive-failed?all=1',
    '/console/actions/replay?id=D-well',
    '/console/nowhere',
  ];
  return { ...started, forged: `${forged}`, paths };
};
