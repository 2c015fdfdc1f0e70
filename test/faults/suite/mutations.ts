import type { Mutation } from './mutation.ts';

/** Every promise of docs/reliability.md that the suite must miss when it is gone. */
export const mutations: readonly Mutation[] = [
  {
    name: 'no-deduplication',
    what: "BullMQ's deduplication and the mark of the ledger are switched off",
    patches: [
      {
        file: 'redis/scripts/add-events.lua',
        from: "'PX', ttl, 'NX')",
        to: "'PX', ttl)",
      },
      {
        file: 'receive/deliver.ts',
        from: 'const { repeatedAt, isDelivered } = sightingIn(placement);',
        to: 'const { repeatedAt } = sightingIn(placement); const isDelivered = false;',
      },
    ],
    run: { scenario: 'single', callbacks: 300, faults: ['receiver-restarted'], rate: 200 },
    isNoticed: ({ doubled }) => doubled > 0,
  },
  {
    name: 'no-gate',
    what: 'what Redis confirms counts as stored, however durable it is',
    patches: [
      { file: 'receive/receive.ts', from: 'if (!ports.gate.isOpen) return', to: 'if (false) return' },
      { file: 'redis/connection/durability-gate.ts', from: "if (report === '' ||", to: 'if (report !== null ||' },
    ],
    run: { scenario: 'single', callbacks: 300, faults: ['redis-forgets'], rate: 200 },
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'acknowledge-before-commit',
    what: 'the spool answers first and commits a moment later',
    patches: [
      {
        file: 'spool/sqlite-spool.ts',
        from: 'this.#waiting.push({ callback, key, done, failed });',
        to: 'this.#waiting.push({ callback, key, done, failed }); done();',
      },
      {
        file: 'spool/sqlite-spool.ts',
        from: 'if (this.#waiting.length === 1) setImmediate(() => this.#commit())',
        to: 'if (this.#waiting.length === 1) setTimeout(() => this.#commit(), 50)',
      },
    ],
    run: { scenario: 'single', callbacks: 300, faults: ['both-killed', 'both-killed', 'both-killed'], rate: 400 },
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-sync',
    what: 'the spool commits without syncing (`synchronous = OFF`); needs root, for a disk that can lose its power',
    patches: [{ file: 'spool/spool-file.ts', from: 'synchronous = FULL', to: 'synchronous = OFF' }],
    run: { scenario: 'fragile-disk', callbacks: 300, faults: ['power-lost', 'power-lost'], rate: 200 },
    isNoticed: ({ lost }) => lost > 0,
  },
];
