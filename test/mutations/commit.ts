import type { Mutation } from './mutation.ts';

const SCRIPT = 'src/redis/scripts/add-events.lua';
const tests = ['test/redis/commit.test.ts'];
const inCluster = ['test/redis/cluster.test.ts'];

/** One for each rule of storing an event and its history in one step (docs/decisions.md, 20, 23 and 24). */
export const commitMutations: readonly Mutation[] = [
  {
    name: 'an event is written whatever history is there',
    file: SCRIPT,
    from: 'if current ~= item.expected then return { current } end',
    to: '',
    tests: [...tests, 'test/receive/model.test.ts'],
  },
  {
    name: 'a job that could not be added leaves its history behind',
    file: SCRIPT,
    from: '  if not item.isWritten then return end\n',
    to: '  do return end\n',
    tests,
  },
  {
    name: 'the history that was there before is forgotten',
    file: SCRIPT,
    from: "  elseif item.expected ~= '' then\n",
    to: '  elseif false then\n',
    tests,
  },
  {
    name: 'a history without a mark is enough where another replica may have stored the event',
    file: SCRIPT,
    from: "ARGV[at + 9] ~= ''",
    to: 'false',
    tests,
  },
  {
    name: 'an entry of version 0.1 begins a new history without its mark',
    file: SCRIPT,
    from: 'item.isDeduplicated, item.wasHash = true, true',
    to: 'item.wasHash = true',
    tests,
  },
  {
    name: 'a job of the same event is written over',
    file: SCRIPT,
    from: "return call('HEXISTS', queue.start .. item.job, 'data') == 1",
    to: 'return false',
    tests,
  },
  {
    name: 'the last family noted for a subject counts, not the first one',
    file: 'src/redis/ledger/history-slots.ts',
    from: "[key, family, 'PX', keptMs, 'NX']",
    to: "[key, family, 'PX', keptMs]",
    tests: inCluster,
  },
  {
    name: 'an event goes to the slot of its history, whatever its family',
    file: 'src/redis/queue/commit.ts',
    from: 'slot.family !== stored.event.data.product || ',
    to: '',
    tests: inCluster,
  },
  {
    name: 'the history of an earlier version is not looked for',
    file: 'src/redis/queue/commit.ts',
    from: "(stored.before === null && slot.inherited !== '')",
    to: 'false',
    tests: inCluster,
  },
  {
    name: 'the ledger begins a history beside that of an earlier version',
    file: 'src/redis/ledger/redis-ledger.ts',
    from: "slot !== undefined && slot.inherited !== '' && before === null",
    to: 'slot === null',
    tests: inCluster,
  },
  {
    name: 'what an earlier version delivered is delivered again',
    file: 'src/redis/queue/commit.ts',
    from: "isKnown || inherited !== ''",
    to: 'isKnown',
    tests: inCluster,
  },
  {
    name: 'the family of a subject is forgotten before its history',
    file: 'src/redis/scripts/claim-slot.lua',
    from: "call('SET', key, claim, 'PX', ttl)",
    to: "call('SET', key, claim, 'KEEPTTL')",
    tests: inCluster,
  },
  {
    name: 'a mark of BullMQ without its job stays',
    file: 'src/redis/queue/bull-add.ts',
    from: '  await queue.removeDeduplicationKey(id);\n',
    to: '',
    tests: ['test/redis/bull-add.test.ts'],
  },
];
