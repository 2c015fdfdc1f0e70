import { describe, expect, it } from 'vitest';
import { LoadableFiles, parseInfo, readAppendOnly, readEpoch } from '../../src/redis/connection/append-only.ts';

type State = Readonly<Record<string, string | number>>;

const plain: State = {
  run_id: 'a1',
  role: 'master',
  master_replid: 'b1',
  'cmdstat_config|set': 'calls=3',
  aof_enabled: 1,
  aof_rewrite_in_progress: 0,
  aof_rewrite_scheduled: 0,
  aof_rewrites: 4,
  aof_last_bgrewrite_status: 'ok',
  aof_last_write_status: 'ok',
};
const running = { aof_rewrite_in_progress: 1, aof_rewrites: 5 };
const scheduled = { aof_rewrite_scheduled: 1 };
const off = { aof_enabled: 0 };

const infoOf = (state: State): string =>
  Object.entries(state)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('');

/** Whether the file counts as loadable after each state; a state is what differs from the plain one. */
const observe = (...states: readonly State[]): boolean[] => {
  const files = new LoadableFiles();
  return states.map((change) => {
    const fields = parseInfo(infoOf({ ...plain, ...change }));
    files.beginRead();
    return files.read(readAppendOnly(fields), readEpoch(fields));
  });
};

describe('an append-only file', () => {
  it.each<[name: string, states: State[], isLoadable: boolean[]]>([
    ['is loadable when it is on and not being rewritten', [{}], [true]],
    ['is not loadable when it is off', [off], [false]],
    ['is unknown when its rewrite was already running at the first check', [running, {}], [false, true]],
    ['is unknown when its rewrite was already scheduled at the first check', [scheduled, {}], [false, true]],
    ['remains loadable during an ordinary rewrite', [{}, scheduled, running, {}], [true, true, true, true]],
    [
      'is not loadable after it was switched off and on between two checks',
      [{}, { ...running, 'cmdstat_config|set': 'calls=5' }],
      [true, false],
    ],
    [
      'is not loadable after it was switched off and on and the statistics were reset',
      [{}, { ...running, 'cmdstat_config|set': 'calls=3', 'cmdstat_config|resetstat': 'calls=1' }],
      [true, false],
    ],
    [
      'is not loadable during the rewrite of a promoted replica',
      [{}, { ...running, master_replid: 'b2' }],
      [true, false],
    ],
    ['is not loadable during the rewrite of another process', [{}, { ...running, run_id: 'a2' }], [true, false]],
    ['is not loadable when it was off in between', [{}, off, running], [true, false, false]],
    [
      'remains loadable after an ordinary rewrite that failed',
      [{}, { aof_last_bgrewrite_status: 'err' }],
      [true, true],
    ],
    ['is unknown during a rewrite of a Redis before 7', [{}, { ...running, cmdstat_config: 'calls=9' }], [true, false]],
  ])('%s', (_name, states, isLoadable) => {
    expect(observe(...states)).toEqual(isLoadable);
  });
});
