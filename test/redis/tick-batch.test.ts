import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTickBatch, waitBriefly } from '../../src/redis/tick-batch.ts';

type Flight = { readonly items: readonly string[]; readonly land: () => void; readonly fail: (error: Error) => void };

/** A batch whose answers come when the test says so. */
const openBatch = (limit = 100) => {
  const flights: Flight[] = [];
  const ask = createTickBatch<string, string>({
    limit,
    perform: (items) =>
      new Promise((resolve, reject) => {
        flights.push({ items, land: () => resolve(items.map((item) => `${item}!`)), fail: reject });
      }),
  });
  return { ask, flights, sent: () => flights.map(({ items }) => items.join('')) };
};

test('what one turn of the event loop asks for goes together, and each gets its own answer', async () => {
  const { ask, flights, sent } = openBatch();
  const answers = Promise.all(['a', 'b', 'c'].map(ask));
  await expect.poll(sent).toEqual(['abc']);
  flights[0]?.land();
  expect(await answers).toEqual(['a!', 'b!', 'c!']);
});

test('what comes while a batch is under way waits for it, and goes together then', async () => {
  const { ask, flights, sent } = openBatch();
  const first = ask('a');
  await expect.poll(sent).toEqual(['a']);
  const later = Promise.all([ask('b'), ask('c')]);
  flights[0]?.land();
  await first;
  await expect.poll(sent).toEqual(['a', 'bc']);
  flights[1]?.land();
  expect(await later).toEqual(['b!', 'c!']);
});

test('a batch that hangs holds nobody up', async () => {
  const { ask, flights, sent } = openBatch();
  const hanging = ask('a');
  await expect.poll(sent).toEqual(['a']);
  const next = ask('b');
  await expect.poll(sent).toEqual(['a', 'b']);
  flights[1]?.land();
  expect(await next).toBe('b!');
  expect(await Promise.race([hanging, sleep(0, 'still open')])).toBe('still open');
});

test('a full batch goes at once', async () => {
  const { ask, sent } = openBatch(2);
  for (const item of ['a', 'b', 'c', 'd', 'e']) ask(item);
  expect(sent()).toEqual(['ab', 'cd']);
  await expect.poll(sent).toEqual(['ab', 'cd', 'e']);
});

test('a failure reaches everybody in the batch, and nobody after it', async () => {
  const { ask, flights, sent } = openBatch();
  const failing = ['a', 'b'].map(ask);
  await expect.poll(sent).toEqual(['ab']);
  const next = ask('c');
  flights[0]?.fail(new Error('gone'));
  expect(await Promise.allSettled(failing)).toMatchObject([
    { reason: { message: 'gone' } },
    { reason: { message: 'gone' } },
  ]);
  await expect.poll(sent).toEqual(['ab', 'c']);
  flights[1]?.land();
  expect(await next).toBe('c!');
});

test('an answer that comes late keeps no other item waiting', async () => {
  const late = Promise.withResolvers<string>();
  const ask = createTickBatch<string, string>({
    limit: 100,
    perform: async (items) => items.map((item) => (item === 'a' ? late.promise : `${item}!`)),
  });
  const slow = ask('a');
  expect(await ask('b')).toBe('b!');
  late.reject(new Error('late'));
  await expect(slow).rejects.toThrow('late');
});

test('a batch is in flight until it is done, although it is answered', async () => {
  const sent: string[] = [];
  const done = Promise.withResolvers<void>();
  const ask = createTickBatch<string, string>({
    limit: 100,
    perform: async (items) => {
      sent.push(items.join(''));
      return items;
    },
    untilDone: () => done.promise,
  });
  await ask('a');
  const others = ['b', 'c'].map(ask);
  done.resolve();
  await Promise.all(others);
  expect(sent).toEqual(['a', 'bc']);
});

test('what is waited for together is waited for as long as a batch, and no longer', async () => {
  const open = Promise.withResolvers<void>();
  await waitBriefly([Promise.resolve(), open.promise]);
  open.resolve();
  const failed = Promise.reject(new Error('refused'));
  await waitBriefly([failed]);
  await expect(failed).rejects.toThrow('refused');
});
