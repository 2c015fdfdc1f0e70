import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import { parseJson } from '../core/json.ts';
import { present } from '../core/present.ts';
import { outages } from './options.ts';
import { completeTransaction, findPending, findProduct, payAsCustomer } from './pay.ts';
import { readBackOffice } from './settings.ts';
import type { World } from './world.ts';

/** PHP 100.00 */
const DEFAULT_AMOUNT = 10_000;

const payment = z.strictObject({
  order: z.string().min(1),
  amount: z.int().min(1).default(DEFAULT_AMOUNT),
  product: z.enum(['qr-code', 'virtual-account', 'bank-transfer']).optional(),
  channelCode: z.string().optional(),
  mobile: z.string().optional(),
  remark: z.string().optional(),
});

const completion = z.strictObject({
  order: z.string().min(1),
  status: z.enum(['COMPLETE', 'FAILED', 'CLOSED']).default('COMPLETE'),
  failedCode: z.int().optional(),
});

const conditions = z.strictObject({
  latencyMs: z.int().min(0).max(600_000).optional(),
  outage: z.enum(outages).optional(),
});

const backOffice = z.strictObject({ publicKey: z.string().optional(), callbackSecret: z.string().optional() });

const pay = (world: World, { order: mchOrderId, ...rest }: z.output<typeof payment>) => {
  const product = findProduct(world, { mchOrderId, ...present(rest) });
  return payAsCustomer(world, { ...present(rest), product, mchOrderId });
};

const complete = (world: World, { order, ...rest }: z.output<typeof completion>) => {
  const { transactionId } = findPending(world, order);
  return completeTransaction(world, { transactionId, ...present(rest) });
};

const CONFLICT = 409;
const BAD_REQUEST = 400;

/** Replaces the merchant's keys, as the back office does: the old ones are no longer valid. */
const changeKeys = ({ settings }: World, given: z.output<typeof backOffice>) => {
  const { publicKey, callbackSecret } = settings.backOffice;
  const before = { publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(), callbackSecret };
  Object.assign(settings.backOffice, readBackOffice({ ...before, ...present(given) }));
  return { changed: Object.keys(given) };
};

/** Adds the routes that control the sandbox: `POST /sandbox/pay` and the others of docs/sandbox.md. */
export const addControls = (app: FastifyInstance, world: World): void => {
  const add = <Schema extends z.ZodType>(
    name: string,
    schema: Schema,
    act: (given: z.output<Schema>) => Promise<unknown>,
  ): void => {
    app.post(`/sandbox/${name}`, async (request, reply): Promise<FastifyReply> => {
      const given = schema.safeParse(parseJson(String(request.body))); // routes.ts keeps every body a string
      if (!given.success) return reply.code(BAD_REQUEST).send({ error: describeIssues(given.error).join('; ') });
      try {
        return reply.send(await act(given.data));
      } catch (error) {
        return reply.code(CONFLICT).send({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  };
  add('pay', payment, (given) => pay(world, given));
  add('complete', completion, (given) => complete(world, given));
  add('conditions', conditions, async (given) => {
    world.conditions = { ...world.conditions, ...present(given) };
    return world.conditions;
  });
  add('back-office', backOffice, async (given) => changeKeys(world, given));
  app.get('/sandbox/transactions', async () => [...world.transactions.values()]);
};
