import type { Mutation } from './mutation.ts';

const SCRIPT = 'src/redis/scripts/add-events.lua';
const tests = ['test/redis/commit.test.ts'];
const inCluster = ['test/redis/cluster.test.ts'];

/** Rules for storing an event and its history in one step (docs/decisions.md, 20, 23 and 24). */
export const commitMutations: readonly Mutation[] = [
  {
    name: 'an event is written even if its history has changed meanwhile',
    file: SCRIPT,
    from: 'if current ~= item.expected then return { current } end',
    to: '',
    tests: [...tests, 'test/receive/model.test.ts'],
  },
  {
    name: 'a failed job leaves its history behind',
    file: SCRIPT,
    from: '  if not item.isWritten then return end\n',
    to: '  do return end\n',
    tests,
  },
  {
    name: 'a failed job erases the previous history',
    file: SCRIPT,
    from: "  elseif item.expected ~= '' then\n",
    to: '  elseif false then\n',
    tests,
  },
  {
    name: 'the history alone decides although another replica may have stored the event',
    file: SCRIPT,
    from: "ARGV[at + 9] ~= ''",
    to: 'false',
    tests,
  },
  {
    name: 'an entry of version 0.1 starts a new history without a look at its mark',
    file: SCRIPT,
    from: 'item.isDeduplicated, item.wasHash = true, true',
    to: 'item.wasHash = true',
    tests,
  },
  {
    name: 'a job of the same event is overwritten',
    file: SCRIPT,
    from: "return call('HEXISTS', queue.start .. item.job, 'data') == 1",
    to: 'return false',
    tests,
  },
  {
    name: 'the last family noted for a subject wins, not the first',
    file: 'src/redis/ledger/history-slots.ts',
    from: "[key, family, 'PX', keptMs, 'NX']",
    to: "[key, family, 'PX', keptMs]",
    tests: inCluster,
  },
  {
    name: 'an event goes to the slot of its history even if its family has another',
    file: 'src/redis/queue/commit.ts',
    from: 'slot.family !== stored.event.data.product || ',
    to: '',
    tests: inCluster,
  },
  {
    name: 'the history of an earlier version is ignored',
    file: 'src/redis/queue/commit.ts',
    from: "(stored.before === null && slot.inherited !== '')",
    to: 'false',
    tests: inCluster,
  },
  {
    name: 'the ledger starts a history beside that of an earlier version',
    file: 'src/redis/ledger/redis-ledger.ts',
    from: "slot !== undefined && slot.inherited !== '' && before === null",
    to: 'slot === null',
    tests: inCluster,
  },
  {
    name: 'events that an earlier version delivered are delivered again',
    file: 'src/redis/queue/commit.ts',
    from: "isKnown || inherited !== ''",
    to: 'isKnown',
    tests: inCluster,
  },
  {
    name: 'the family of a subject expires before its history',
    file: 'src/redis/scripts/claim-slot.lua',
    from: "call('SET', key, claim, 'PX', ttl)",
    to: "call('SET', key, claim, 'KEEPTTL')",
    tests: inCluster,
  },
  {
    name: 'a mark of BullMQ is kept without its job',
    file: 'src/redis/queue/bull-add.ts',
    from: '  await queue.removeDeduplicationKey(id);\n',
    to: '',
    tests: ['test/redis/bull-add.test.ts'],
  },
];
