import { type Job, Worker } from 'bullmq';
import { onTestFinished } from 'vitest';
import type { PaymentVerificationEvent } from '../../src/core/payment-verification.ts';
import { post, sign, verificationFields } from './callback.ts';
import { startTestService } from './service.ts';

type Answerer = (job: Job<PaymentVerificationEvent>) => Promise<unknown>;

/** Starts the service with a short timeout for workers. `ask` acts as PayCools, `work` as a merchant's worker. */
export const startVerification = async (env: Record<string, string> = {}) => {
  const service = await startTestService({ env: { VERIFICATION_TIMEOUT_MS: '400', ...env } });
  const { redis, prefix } = service.namespace;
  const ask = async (change: Record<string, unknown> = {}) => {
    const started = performance.now();
    const answer = await post(`${service.publicUrl}/callbacks/virtual-account`, sign(verificationFields(change)));
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
