import { type Job, Worker } from 'bullmq';
import { onTestFinished } from 'vitest';
import type { PaymentVerificationEvent } from '../../src/core/payment-verification.ts';
import { virtualAccount } from '../../src/products/families/virtual-account.ts';
import { post, sign } from './callback.ts';
import { startTestService } from './service.ts';

const question = virtualAccount.paymentVerifications[0]?.example ?? {};

type Answerer = (job: Job<PaymentVerificationEvent>) => Promise<unknown>;

/** Starts the service with little patience for workers. `ask` is PayCools, `work` a merchant's worker. */
export const startVerification = async (env: Record<string, string> = {}) => {
  const service = await startTestService({ env: { VERIFICATION_TIMEOUT_MS: '400', ...env } });
  const { redis, prefix } = service.namespace;
  const ask = async (change: Record<string, unknown> = {}) => {
    const started = performance.now();
    const answer = await post(`${service.publicUrl}/callbacks/virtual-account`, sign({ ...question, ...change }));
    return { status: answer.status, reply: JSON.parse(answer.body), ms: performance.now() - started };
  };
  const work = async (answer: Answerer): Promise<void> => {
    const connection = redis.duplicate({ maxRetriesPerRequest: null });
    const worker = new Worker<PaymentVerificationEvent>('{payment-verification}', answer, {
      connection,
      prefix,
      concurrency: 50,
    });
    onTestFinished(async () => {
      await worker.close(true);
      connection.disconnect();
    });
    await worker.waitUntilReady();
  };
  return { ...service, ask, work };
};
