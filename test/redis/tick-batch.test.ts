import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTickBatch, waitBriefly } from '../../src/redis/tick-batch.ts';

type Flight = { readonly items: readonly string[]; readonly land: () => void; readonly fail: (error: Error) => void };

/** A batch whose answers arrive when the test releases them. */
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

test('calls made in one event-loop tick are sent together, and each gets its own answer', async () => {
  const { ask, flights, sent } = openBatch();
  const answers = Promise.all(['a', 'b', 'c'].map(ask));
  await expect.poll(sent).toEqual(['abc']);
  flights[0]?.land();
  expect(await answers).toEqual(['a!', 'b!', 'c!']);
});

test('calls made while a batch is in flight wait for it, and are then sent together', async () => {
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

test('a batch that hangs does not delay later calls for long', async () => {
  const { ask, flights, sent } = openBatch();
  const hanging = ask('a');
  await expect.poll(sent).toEqual(['a']);
  const next = ask('b');
  await expect.poll(sent).toEqual(['a', 'b']);
  flights[1]?.land();
  expect(await next).toBe('b!');
  expect(await Promise.race([hanging, sleep(0, 'still open')])).toBe('still open');
});

test('a full batch is sent at once', async () => {
  const { ask, sent } = openBatch(2);
  for (const item of ['a', 'b', 'c', 'd', 'e']) ask(item);
  expect(sent()).toEqual(['ab', 'cd']);
  await expect.poll(sent).toEqual(['ab', 'cd', 'e']);
});

test('a failed batch rejects all of its calls, and no later ones', async () => {
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

test('a late answer does not delay other items', async () => {
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

test('a batch remains in flight until it is done, even if it is answered earlier', async () => {
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

test('waitBriefly waits for all promises, but no longer than a batch may take', async () => {
  const open = Promise.withResolvers<void>();
  await waitBriefly([Promise.resolve(), open.promise]);
  open.resolve();
  const failed = Promise.reject(new Error('refused'));
  await waitBriefly([failed]);
  await expect(failed).rejects.toThrow('refused');
});
