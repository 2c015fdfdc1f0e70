import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import { payoutFields, post, postPayout } from '../support/callback.ts';
import type { Namespace } from '../support/namespace.ts';
import { startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

export const TOKEN = 'token-of-the-operators-not-real';

export type PageAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

type Ask = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** Sends a request as a browser would. Unlike `fetch`, it can set any Host header. */
export const ask = async (url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<PageAnswer> => {
  const outgoing = request(url, { method, headers: { accept: 'text/html', ...headers }, agent: false });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
};

/** Starts the service with its console. `get` and `submit` act as a browser, `send` as PayCools. */
export const startConsole = async (env: Readonly<Record<string, string>> = {}, now: () => number = Date.now) => {
  const service = await startTestService({ env, now });
  const { opsUrl, publicUrl } = service;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => ask(`${opsUrl}${path}`, { headers });
  const submit = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) =>
    ask(`${opsUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  /** Submits a form of the console and follows the redirect. */
  const act = async (path: string, fields: Readonly<Record<string, string>>): Promise<PageAnswer> => {
    const answer = await submit(path, fields, { origin: opsUrl, 'sec-fetch-site': 'same-origin' });
    return answer.status === 303 ? get(String(answer.headers.location)) : answer;
  };
  const send = (change: Record<string, unknown> = {}) => postPayout(publicUrl, change);
  const sendForged = (change: Record<string, unknown> = {}) =>
    post(`${publicUrl}/callbacks/payout`, JSON.stringify({ ...payoutFields(change), sign: 'a'.repeat(40) }));
  /** A page, once it contains a text: the journal is written after the reply. */
  const page = async (path: string, expected: string): Promise<string> => {
    let body = '';
    const isShown = async (): Promise<boolean> => {
      body = (await get(path)).body;
      return body.includes(expected);
    };
    await until(isShown, { what: `${path} contains ${expected}`, timeoutMs: 10_000 });
    return body;
  };
  return { ...service, get, submit, act, send, sendForged, page };
};

/** Stores the report of a reconciliation with findings. */
export const storeReport = async (namespace: Namespace): Promise<void> => {
  const window = { from: '2026-11-01', to: '2026-11-02', timeZone: 'Asia/Manila' };
  const times = { startedAt: '2026-11-03T01:00:00.000Z', finishedAt: '2026-11-03T01:05:00.000Z' };
  const sums = { rows: 1820, matched: 1815, emitted: 3, unanswered: 0, counts: { 'amount-mismatch': 2 } };
  const more = { unreadable: 0, passes: 4, refunds: { requests: 0, budget: 500 }, resolved: 0, incomplete: false };
  const lists = { leftOut: [], events: [], findings: [] };
  const report = { id: 'run_1', merchant: 'default', window, apply: true, ...times, ...sums, ...more, ...lists };
  await new RedisRunStore(namespace).finish({ merchant: 'default', run: 'r' }, report);
};
