import type { Mutation } from './mutation.ts';

const COMPACT = 'src/redis/scripts/compact-ids.lua';
const JOURNAL = 'src/redis/scripts/append-journal.lua';
const ofBlocks = ['test/redis/index-blocks.test.ts'];
const ofJournal = ['test/redis/journal-bounds.test.ts'];

/** Rules of the search index and of the bounds of the journal. */
export const searchMutations: readonly Mutation[] = [
  {
    name: 'every id goes into the last block',
    file: COMPACT,
    from: "  return found and first .. found:match('%d+$') or first\n",
    to: "  return found and first .. call('ZCARD', directory) or first\n",
    tests: ofBlocks,
  },
  {
    name: 'an id is lost when a full block is split',
    file: COMPACT,
    from: "call('ZRANGE', block, FULL / 2, -1)",
    to: "call('ZRANGE', block, FULL / 2 + 1, -1)",
    tests: ofBlocks,
  },
  {
    name: 'an id too long for a block is put into one',
    file: COMPACT,
    from: 'if #member <= LONGEST then',
    to: 'if true then',
    tests: ofBlocks,
  },
  {
    name: 'an id above all of a full block splits it instead of opening a new one',
    file: COMPACT,
    from: "  if call('ZLEXCOUNT', block, '(' .. member, '+') == 0 then return open({ member }) end\n",
    to: '',
    tests: ofBlocks,
  },
  {
    name: 'a day is compacted only once, even if it is not over',
    file: 'src/redis/index/index-compactor.ts',
    from: 'if (isOver) await',
    to: 'await',
    tests: ofBlocks,
  },
  {
    name: 'new entries of the journal are removed before those of an earlier version',
    file: JOURNAL,
    from: 'if found[1] and not isOlder(first[1], found[1].id) then return found end',
    to: 'if found[1] then return found end',
    tests: ofJournal,
  },
  {
    name: 'a repeat is counted for an entry with a different outcome',
    file: JOURNAL,
    from: "if outcome == 'duplicate' or outcome == string.sub(known, bar + 1) then",
    to: 'if true then',
    tests: ofJournal,
  },
];
