import { failures } from '../products/failures.ts';

export type SandboxStatus = 'PENDING' | 'COMPLETE' | 'FAILED' | 'CLOSED';

/** How a transaction ends, and how its creation is replied to. */
export type Rule = {
  /** Last two digits of the amount, in centavos: 1 stands for an amount ending in .01. */
  readonly ending: number;
  readonly status: SandboxStatus;
  readonly failedCode: number | null;
  /** `throttled`: refused with 1013 the first time. `transient`: carried out, but the reply is 1018. `lost`: carried out, no reply. */
  readonly reply: 'sent' | 'throttled' | 'transient' | 'lost';
  readonly meaning: string;
};

const ordinary = { status: 'COMPLETE', failedCode: null, reply: 'sent' } as const;

/** How amounts decide the end. Every other amount completes. */
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

/** The rule of an amount in centavos. An authorization uses the last two digits of its request id instead. */
export const ruleOf = (amount: number): Rule => byEnding.get(amount % 100) ?? completes;

/** How a transaction failed, as PayCools says it; null where it did not. */
export const failureOf = ({ failedCode }: { readonly failedCode: number | null }) => ({
  failedCode,
  failedMessage:
    failedCode === null
      ? null
      : (failures.find(({ code }) => code === failedCode)?.message ?? 'Transaction Service Error'),
});
