import fastify from 'fastify';
import { CallbackSender, type SentCallback } from './callback-sender.ts';
import { seededChance } from './chance.ts';
import { addControls } from './controls.ts';
import type { Conditions, SandboxOptions } from './options.ts';
import { type Completion, type CustomerPayment, completeByHand, payByCustomer } from './pay.ts';
import { addRoutes } from './routes.ts';
import { readSandboxOptions } from './settings.ts';
import { createWorld, type SandboxTransaction } from './world.ts';

/** A running PayCools. */
export type Sandbox = AsyncDisposable & {
  /** Its address: `baseUrl` of the client. */
  readonly url: string;
  /** Every payment, payout and refund in its current state, oldest first. */
  readonly transactions: readonly SandboxTransaction[];
  /** Every callback that was sent or lost, oldest first. */
  readonly callbacks: readonly SentCallback[];
  /** Integer centavos. */
  readonly balance: number;
  /**
   * Pays into a QR code, a virtual account or a bank transfer account, as a customer would.
   *
   * @returns the payment once its callback has been delivered, is lost, or is held back
   * @throws Error where there is no such code or account, or the merchant rejects the payment
   */
  readonly pay: (payment: CustomerPayment) => Promise<SandboxTransaction>;
  /**
   * Ends a transaction that the rule .02 left PENDING.
   *
   * @throws Error where there is no such pending transaction
   */
  readonly complete: (completion: Completion) => Promise<SandboxTransaction>;
  /** Changes the latency or simulates an outage from now on. */
  readonly configure: (conditions: Partial<Conditions>) => void;
  /** Waits until nothing is pending and every callback is delivered. */
  readonly settled: () => Promise<void>;
};

const MAX_PARAM_LENGTH = 512;

/**
 * Starts a PayCools for development and tests on its own socket: it checks the signature of requests, implements every
 * call of the API, keeps transactions in memory, ends them by the rules of docs/sandbox.md and sends signed callbacks.
 *
 * @throws TypeError where an option is wrong
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const settings = readSandboxOptions(options);
  const chance = seededChance(settings.seed);
  const sender = new CallbackSender({ settings, chance });
  const world = createWorld({ settings, sender, chance });
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
    pay: async (payment) => ({ ...(await payByCustomer(world, payment)) }),
    complete: async (completion) => ({ ...(await completeByHand(world, completion)) }),
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
