import { failures } from '../products/failures.ts';

export type SandboxStatus = 'PENDING' | 'COMPLETE' | 'FAILED' | 'CLOSED';

/** How a transaction ends, and how its creation is replied to. */
export type Rule = {
  /** Last two digits of the amount in centavos: 1 for an amount ending in .01. */
  readonly ending: number;
  readonly status: SandboxStatus;
  readonly failedCode: number | null;
  /** `throttled`: refused with 1013 the first time. `transient`, `lost`: carried out, but replied to with 1018, or not at all. */
  readonly reply: 'sent' | 'throttled' | 'transient' | 'lost';
  /** What happens, for the documentation. */
  readonly meaning: string;
};

const ordinary = { status: 'COMPLETE', failedCode: null, reply: 'sent' } as const;

/** The amounts that decide how a transaction ends. Every other amount completes. */
export const amountRules: readonly Rule[] = [
  { ...ordinary, ending: 1, status: 'FAILED', failedCode: -10_004, meaning: 'fails: channel rejected' },
  { ...ordinary, ending: 2, status: 'PENDING', meaning: 'stays PENDING until `sandbox.complete`' },
  { ...ordinary, ending: 3, status: 'FAILED', failedCode: -10_003, meaning: 'fails: insufficient balance' },
  { ...ordinary, ending: 4, status: 'FAILED', failedCode: -10_005, meaning: 'fails: destination account error' },
  { ...ordinary, ending: 5, status: 'FAILED', failedCode: -10_001, meaning: 'fails: exceeds limit' },
  { ...ordinary, ending: 6, reply: 'throttled', meaning: 'is refused with 1013 the first time, then completes' },
  { ...ordinary, ending: 7, reply: 'transient', meaning: 'completes, but the reply to its creation is 1018' },
  { ...ordinary, ending: 8, reply: 'lost', meaning: 'completes, but the reply to its creation is lost' },
  { ...ordinary, ending: 9, status: 'CLOSED', meaning: 'is closed; a refund is cancelled' },
];

const completes: Rule = { ...ordinary, ending: 0, meaning: 'completes' };

const byEnding: ReadonlyMap<number, Rule> = new Map(amountRules.map((rule) => [rule.ending, rule]));

/** Finds the rule for an amount in centavos, or for the last two digits of an authorization's request id. */
export const ruleOf = (amount: number): Rule => byEnding.get(amount % 100) ?? completes;

/** The members with which PayCools reports a failure; null if there was none. */
export const failureOf = ({ failedCode }: { readonly failedCode: number | null }) => ({
  failedCode,
  failedMessage:
    failedCode === null
      ? null
      : (failures.find(({ code }) => code === failedCode)?.message ?? 'Transaction Service Error'),
});
