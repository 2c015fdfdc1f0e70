import fastify from 'fastify';
import { seededChance } from './chance.ts';
import { createCourier, type SentCallback } from './courier.ts';
import { readSandboxOptions, type SandboxOptions } from './options.ts';
import { type Completion, type CustomerPayment, completeByHand, payByCustomer } from './pay.ts';
import { addRoutes } from './routes.ts';
import { createWorld, type SandboxTransaction } from './world.ts';

/** A PayCools that runs. */
export type Sandbox = AsyncDisposable & {
  /** Its address: `baseUrl` of the client. */
  readonly url: string;
  /** Every payment, payout and refund as it stands now, oldest first. */
  readonly transactions: readonly SandboxTransaction[];
  /** Every callback that was sent or got lost, oldest first. */
  readonly callbacks: readonly SentCallback[];
  /** Integer centavos. */
  readonly balance: number;
  /**
   * A customer pays into a QR code, a virtual account or a bank transfer account.
   *
   * @returns the payment once its callback has been delivered, or got lost, or is held back
   * @throws Error where there is no such code or account, or the merchant refuses the payment
   */
  readonly pay: (payment: CustomerPayment) => Promise<SandboxTransaction>;
  /**
   * Ends a transaction that the rule .02 left PENDING.
   *
   * @throws Error where there is no such pending transaction
   */
  readonly complete: (completion: Completion) => Promise<SandboxTransaction>;
  /** Waits until nothing is to happen any more and every callback is delivered. */
  readonly settled: () => Promise<void>;
};

const MAX_PARAM_LENGTH = 512;

/**
 * Starts a PayCools for development and tests on a socket of its own: it checks the signature of requests, answers
 * every call of the API, keeps transactions in memory, ends them by the rules of docs/sandbox.md and sends the signed
 * callbacks.
 *
 * @throws TypeError where an option is wrong
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const settings = readSandboxOptions(options);
  const chance = seededChance(settings.seed);
  const courier = createCourier({ settings, chance });
  const world = createWorld({ settings, courier, chance });
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: MAX_PARAM_LENGTH } });
  addRoutes(app, world);
  const url = await app.listen({ host: settings.host, port: settings.port });
  return {
    url,
    get transactions() {
      return [...world.transactions.values()].map((transaction) => ({ ...transaction }));
    },
    get callbacks() {
      return [...courier.sent];
    },
    get balance() {
      return world.balance;
    },
    pay: async (payment) => ({ ...(await payByCustomer(world, payment)) }),
    complete: async (completion) => ({ ...(await completeByHand(world, completion)) }),
    settled: courier.settled,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await courier[Symbol.asyncDispose]();
    },
  };
};
