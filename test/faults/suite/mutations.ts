import type { Mutation } from './mutation.ts';

/** For each promise of docs/reliability.md, a mutation that breaks it. */
export const mutations: readonly Mutation[] = [
  {
    name: 'no-deduplication',
    what: 'neither the history, nor a deduplication key, nor the id of a job decides whether an event is new',
    patches: [
      {
        file: 'redis/scripts/add-events.lua',
        from: 'local isNew = not isDuplicate(queue, item)',
        to: 'local isNew = true',
      },
      {
        file: 'receive/deliver.ts',
        from: '!sighting.isDelivered && reversals.length === 0',
        to: 'reversals.length === 0',
      },
      {
        file: 'redis/queue/event-queue.ts',
        from: '{ ...job, jobId: event.id }',
        to: '{ ...job }',
      },
    ],
    runs: [
      { scenario: 'single', callbacks: 300, faults: ['receiver-restarted'], rate: 200 },
      { scenario: 'single', callbacks: 300, faults: ['replies-slow'], rate: 200 },
    ],
    isNoticed: ({ doubled }) => doubled > 0,
  },
  {
    name: 'no-gate',
    what: 'writes that Redis confirms count as stored, however durable Redis is',
    patches: [
      { file: 'receive/receive.ts', from: 'if (!ports.gate.isOpen) return', to: 'if (false) return' },
      { file: 'redis/connection/durability-gate.ts', from: "if (report === '' ||", to: 'if (report !== null ||' },
    ],
    runs: [{ scenario: 'single', callbacks: 300, faults: ['redis-forgets'], rate: 200 }],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'acknowledge-before-commit',
    what: 'the spool answers first and commits a moment later',
    patches: [
      {
        file: 'spool/sqlite-spool.ts',
        from: 'this.#appends.push({ callback, key, resolve, reject });',
        to: 'this.#appends.push({ callback, key, resolve, reject }); resolve();',
      },
      {
        file: 'spool/sqlite-spool.ts',
        from: 'if (this.#appends.length === 1) setImmediate(() => this.#commit())',
        to: 'if (this.#appends.length === 1) setTimeout(() => this.#commit(), 50)',
      },
    ],
    runs: [{ scenario: 'single', callbacks: 300, faults: ['both-killed', 'both-killed', 'both-killed'], rate: 400 }],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-sync',
    what: 'the spool commits without syncing (`synchronous = OFF`); needs root, for a disk that can lose its power',
    patches: [{ file: 'spool/spool-file.ts', from: 'synchronous = FULL', to: 'synchronous = OFF' }],
    runs: [{ scenario: 'fragile-disk', callbacks: 300, faults: ['power-lost', 'power-lost'], rate: 200 }],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-spool',
    what: 'the spool confirms callbacks without storing them',
    patches: [
      {
        file: 'spool/sqlite-spool.ts',
        from: 'this.#appends.push({ callback, key, resolve, reject });',
        to: 'resolve(); return;',
      },
    ],
    runs: [
      { scenario: 'single', callbacks: 300, faults: ['password-changed'], rate: 200 },
      { scenario: 'single', callbacks: 300, faults: ['host-moved'], rate: 200 },
    ],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-first-rewrite',
    what: 'an append-only file counts as loadable before its first rewrite has finished',
    patches: [
      {
        file: 'redis/connection/append-only.ts',
        from: 'const isOrdinary = epoch !== null && this.#seen.has(epoch);',
        to: 'const isOrdinary = true;',
      },
    ],
    runs: [{ scenario: 'single', callbacks: 300, faults: ['append-only-switched'], rate: 200 }],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-replicas',
    what: 'an event counts as stored before the replicas of `DURABILITY` have confirmed it',
    patches: [
      {
        file: 'redis/connection/replication.ts',
        from: 'const reached = await redis.wait(count, timeoutMs);',
        to: 'const reached = count;',
      },
    ],
    runs: [{ scenario: 'endpoint', callbacks: 300, faults: ['endpoint-moved'], rate: 200 }],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'no-way-back',
    what: 'a connection that Redis refused, or whose host was unknown, is not tried again',
    patches: [
      {
        file: 'redis/connection/connection.ts',
        from: 'retryStrategy: reconnectDelay,',
        to: 'retryStrategy: () => null,',
      },
      { file: 'redis/connection/connection.ts', from: 'if (isClosed) return;', to: 'return;' },
    ],
    runs: [
      { scenario: 'single', callbacks: 300, faults: ['password-changed'], rate: 200 },
      { scenario: 'single', callbacks: 300, faults: ['host-moved'], rate: 200 },
    ],
    isNoticed: ({ violations }) => violations.some((sentence) => /ready again|is drained|is used/.test(sentence)),
  },
];
