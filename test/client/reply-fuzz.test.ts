import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeField } from '../../src/client/endpoints/reply-fields.ts';
import { endpointList, PaycoolsApiError, PaycoolsResponseError } from '../../src/client/index.ts';
import { readReply } from '../../src/client/reply.ts';

const FOLDER = 'test/fixtures/paycools/replies';
const replies = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));

const time = timeField('Asia/Manila');
const contexts = endpointList.map((target) => ({
  ...target,
  schema: target.endpoint.reply(time),
  isRetry: false,
}));

/** What reading a reply results in: `data`, or the class of the error. Any other error is a bug. */
const outcomeOf = (body: Uint8Array, context: (typeof contexts)[number]): string => {
  try {
    readReply({ httpStatus: 200, retryAfter: null, body }, context);
    return 'data';
  } catch (error) {
    return error instanceof PaycoolsApiError || error instanceof PaycoolsResponseError ? error.name : String(error);
  }
};

const KNOWN = ['data', 'PaycoolsApiError', 'PaycoolsResponseError'];
const context = fc.constantFrom(...contexts);

it('turns any reply into data or an error of the client', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), context, (body, call) => KNOWN.includes(outcomeOf(body, call))),
    { numRuns: 300 },
  );
});

it('turns any successful JSON into data or an error of the client', () => {
  const bodies = fc.jsonValue({ maxDepth: 3 }).map((data) => Buffer.from(JSON.stringify({ code: 1000, data })));
  fc.assert(
    fc.property(bodies, context, (body, call) => KNOWN.includes(outcomeOf(body, call))),
    { numRuns: 500 },
  );
});

it('turns damaged documented replies into data or an error of the client', () => {
  const damage = fc.record({
    reply: fc.constantFrom(...replies),
    at: fc.nat(),
    length: fc.integer({ min: 0, max: 40 }),
    inserted: fc.string({ maxLength: 5 }),
  });
  fc.assert(
    fc.property(damage, context, ({ reply, at, length, inserted }, call) => {
      const start = at % reply.length;
      const damaged = reply.slice(0, start) + inserted + reply.slice(start + length);
      return KNOWN.includes(outcomeOf(Buffer.from(damaged), call));
    }),
    { numRuns: 500 },
  );
});

it('reads numbers however they are written, without changing them', () => {
  const balance = contexts.find(({ call }) => call === 'account.balance');
  const body = '{"code":1000,"data":{"balance":1,"big":9007199254740993,"exact":1.10}}';
  const raw = { httpStatus: 200, retryAfter: null, body: Buffer.from(body) };
  expect(balance && readReply(raw, balance)).toEqual({ balance: 1, big: '9007199254740993', exact: '1.10' });
});
