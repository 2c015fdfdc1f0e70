import type { Mutation } from './mutation.ts';

/** Every promise of docs/reliability.md that the suite must miss when it is gone. */
export const mutations: readonly Mutation[] = [
  {
    name: 'no-deduplication',
    what: "BullMQ's deduplication and the mark of the ledger are switched off",
    patches: [
      {
        file: 'redis/event-queue.ts',
        from: '{ ...JOB_OPTIONS, jobId, deduplication }',
        to: '{ ...JOB_OPTIONS, jobId }',
      },
      {
        file: 'receive/deliver.ts',
        from: 'entry.sightings.get(news.status)?.isDelivered === true',
        to: 'false',
      },
    ],
    run: { scenario: 'single', callbacks: 300, faults: ['receiver-restarted'], rate: 200 },
    isNoticed: ({ doubled }) => doubled > 0,
  },
];
