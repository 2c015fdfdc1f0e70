import type { Mutation } from './mutation.ts';

const SCRIPT = 'src/redis/scripts/add-events.lua';
const tests = ['test/redis/commit.test.ts'];

/** One for each rule of storing an event and its history in one step (docs/decisions.md, 20 and 23). */
export const commitMutations: readonly Mutation[] = [
  {
    name: 'an event is written whatever history is there',
    file: SCRIPT,
    from: 'if present ~= item.expected then return { present } end',
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
    name: 'a mark of BullMQ without its job stays',
    file: 'src/redis/queue/bull-add.ts',
    from: '  await queue.removeDeduplicationKey(id);\n',
    to: '',
    tests: ['test/redis/bull-add.test.ts'],
  },
];
