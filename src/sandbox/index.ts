/**
 * A PayCools for development and tests.
 *
 * @packageDocumentation
 */
export { Secret } from '../core/secret.ts';
export type { SentCallback } from './callback-sender.ts';
export type { Chaos, Conditions, Outage, SandboxLogEntry, SandboxOptions, SandboxProduct } from './options.ts';
export { outages } from './options.ts';
export type { Completion, CustomerPayment } from './pay.ts';
export { refusals } from './refusals.ts';
export { amountRules, type Rule, type SandboxStatus } from './rules.ts';
export { type Sandbox, startSandbox } from './start-sandbox.ts';
export type { SandboxTransaction } from './world.ts';
