import { describe, expect, it } from 'vitest';
import { isProvedEqual, readBullScript } from '../../src/redis/queue/bullmq-digest.ts';

describe('the script with which BullMQ adds jobs', () => {
  // If this fails: read what changed in the script, change src/redis/scripts/add-events.lua likewise until
  // add-events.test.ts passes, then add its digest to src/redis/queue/bullmq-digest.ts.
  it('is one that ours was proved equal to', () => {
    const lua = readBullScript();
    expect(lua).toContain('deduplicateJob');
    expect(isProvedEqual(lua)).toBe(true);
  });

  it('is not proved if a single character differs', () => {
    expect(isProvedEqual(`${readBullScript()} `)).toBe(false);
  });

  it('is not proved if it cannot be found', () => {
    expect(isProvedEqual(null)).toBe(false);
  });
});
