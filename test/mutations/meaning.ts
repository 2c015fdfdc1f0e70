import type { Mutation } from './mutation.ts';

/** Rules about what a callback means (docs/events.md). */
export const meaningMutations: readonly Mutation[] = [
  {
    name: 'an unknown status word falls back to the event name',
    row: 'A status word that is not documented',
    file: 'src/products/statuses.ts',
    from: "if (word !== null && byWord === null) return fail('status: the word is not one that PayCools documents');",
    to: '',
    tests: ['test/properties/meaning.test.ts'],
  },
  {
    name: 'an invalid optional field makes a payment unrecognized',
    file: 'src/products/fields.ts',
    from: 'schema.optional().catch(undefined)',
    to: 'schema.optional()',
    tests: ['test/properties/meaning.test.ts'],
  },
  {
    name: 'ids must be ASCII',
    file: 'src/core/identifier.ts',
    from: "text.trim() !== ''",
    to: '/^[!-~]+$/.test(text)',
    tests: ['test/sandbox/identifiers.test.ts'],
  },
  {
    name: 'an ambiguous signed text is trusted without confirmation',
    row: 'Ambiguous texts are confirmed',
    file: 'src/verify/canonical.ts',
    from: 'return starts !== Math.max(0, signed.length - 1) ||',
    to: 'return',
    tests: ['test/properties/ambiguity.test.ts'],
  },
  {
    name: 'events are ordered by their arrival',
    row: 'Earlier and later by PayCools',
    file: 'src/receive/moment.ts',
    from: `  compareTimes(left.completedAt, right.completedAt) ||
  compareTimes(left.createdAt, right.createdAt) ||
`,
    to: '',
    tests: ['test/receive/model.test.ts'],
  },
  {
    name: 'a status can be reached only once',
    file: 'src/receive/history.ts',
    from: '!isFinal(statement.status) || !isApart(it, moment, others)',
    to: 'true',
    tests: ['test/receive/history.test.ts'],
  },
  {
    name: 'each id of a refund is a subject',
    file: 'src/receive/deliver.ts',
    from: 'aliases === undefined ? subject : await ledger.resolveName(merchant.name, [subject, ...aliases])',
    to: 'subject',
    tests: ['test/receive/history.test.ts'],
  },
  {
    name: 'events that PayCools contradicted are forgotten',
    row: '`CONFIRM`: PayCools is asked',
    file: 'src/reconcile/confirm.ts',
    from: 'await recordRefuted(confirmation, delivery.value, true);\n  const summary',
    to: 'const summary',
    tests: ['test/receive/confirmation.test.ts'],
  },
  {
    name: 'a confirmation does not compare currencies',
    file: 'src/reconcile/mismatch.ts',
    from: "  ['currency', 'amount-mismatch'],\n",
    to: '',
    tests: ['test/reconcile/contradictions.test.ts'],
  },
  {
    name: 'an envelope for another app is accepted',
    row: 'An envelope for another',
    file: 'src/verify/verify.ts',
    from: 'proved.ok && !isAddressedTo(appId, proved.value.raw) ? fail(FORGED) : proved',
    to: 'proved',
    tests: ['test/receive/addressee.test.ts'],
  },
  {
    name: 'a redriven callback leaves its queue before it is confirmed',
    file: 'src/operate/item-actions.ts',
    from: "if (kind === 'awaiting-confirmation') {",
    to: "await jobs.remove(job);\n  if (kind === 'awaiting-confirmation') {",
    tests: ['test/receive/redriven.test.ts'],
  },
];
