import fastify from 'fastify';
import { CallbackSender, type SentCallback } from './callback-sender.ts';
import { seededChance } from './chance.ts';
import { addControls } from './controls.ts';
import type { Conditions, SandboxOptions } from './options.ts';
import { type Completion, type CustomerPayment, completeTransaction, payAsCustomer } from './pay.ts';
import { addRoutes } from './routes.ts';
import { readSandboxOptions } from './settings.ts';
import { type SandboxTransaction, World } from './world.ts';

/** A running sandbox. */
export type Sandbox = AsyncDisposable & {
  /** Its address, which is the client's `baseUrl`. */
  readonly url: string;
  /** Every payment, payout and refund in its current state, oldest first. */
  readonly transactions: readonly SandboxTransaction[];
  /** Every callback that was sent or lost, oldest first. */
  readonly callbacks: readonly SentCallback[];
  /** The merchant's balance, in integer centavos. */
  readonly balance: number;
  /**
   * Pays into a QR code, a virtual account or a bank transfer account, as a customer would.
   *
   * @returns the payment, once its callback has been delivered, lost, or held back
   * @throws Error if there is no such code or account, or if the merchant rejects the payment
   */
  readonly pay: (payment: CustomerPayment) => Promise<SandboxTransaction>;
  /**
   * Ends a PENDING transaction, such as one whose amount ends in .02.
   *
   * @returns the transaction, once its callback has been delivered, lost, or held back
   * @throws Error if there is no such pending transaction
   */
  readonly complete: (completion: Completion) => Promise<SandboxTransaction>;
  /** Changes the latency, or begins or ends an outage. */
  readonly configure: (conditions: Partial<Conditions>) => void;
  /** Waits until every scheduled transaction has ended and every callback has been delivered. */
  readonly settled: () => Promise<void>;
};

const MAX_PARAM_LENGTH = 512;

/**
 * Starts a PayCools for development and tests on its own port. It verifies the signatures of requests, implements every
 * call of the API, keeps transactions in memory, ends them by the rules of docs/sandbox.md and sends signed callbacks.
 *
 * @throws TypeError if an option is invalid
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const settings = readSandboxOptions(options);
  const chance = seededChance(settings.seed);
  const sender = new CallbackSender({ settings, chance });
  const world = new World({ settings, sender, chance });
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: MAX_PARAM_LENGTH } });
  addRoutes(app, world);
  addControls(app, world);
  const url = await app.listen({ host: settings.host, port: settings.port });
  return {
    url,
    get transactions() {
      return [...world.transactions.values()].map((transaction) => ({ ...transaction }));
    },
    get callbacks() {
      return [...sender.sent];
    },
    get balance() {
      return world.balance;
    },
    pay: async (payment) => ({ ...(await payAsCustomer(world, payment)) }),
    complete: async (completion) => ({ ...(await completeTransaction(world, completion)) }),
    configure: (conditions) => {
      world.conditions = { ...world.conditions, ...conditions };
    },
    settled: () => sender.settled(),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await sender[Symbol.asyncDispose]();
    },
  };
};
