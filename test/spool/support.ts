import { onTestFinished } from 'vitest';
import { openSpool } from '../../src/spool/open-spool.ts';
import type { SqliteSpool } from '../../src/spool/sqlite-spool.ts';

export const callback = (text: string) => ({
  merchant: 'default',
  product: 'payout',
  receivedAt: 7,
  body: Buffer.from(text),
});

export const append = (spool: SqliteSpool, text: string): Promise<void> => spool.append(callback(text), text);

/** The bodies of waiting callbacks, in order. */
export const texts = (spool: SqliteSpool): string[] =>
  spool.listWaiting(0, 1000).map(({ body }) => Buffer.from(body).toString());

export const open = (dir: string, maxBytes = 1_000_000): SqliteSpool => {
  const opened = openSpool(dir, maxBytes);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

/** Opens a spool until the end of the test. */
export const openFor = (dir: string, maxBytes?: number): SqliteSpool => {
  const spool = open(dir, maxBytes);
  onTestFinished(() => spool[Symbol.dispose]());
  return spool;
};
