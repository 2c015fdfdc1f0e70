import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOnce, InProgressError } from '../../src/consumer/once.ts';
import { openNamespace } from '../support/namespace.ts';

describe('once', () => {
  const open = (leaseMs = 10_000) => {
    const { url, prefix } = openNamespace();
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    return createOnce({ redis, prefix, leaseMs });
  };

  it('runs an effect once', async () => {
    const once = open();
    let count = 0;
    const effect = async () => {
      count += 1;
    };
    expect([await once('a', effect), await once('a', effect), await once('b', effect)]).toEqual([true, false, true]);
    expect(count).toBe(2);
  });

  it('runs it again after a failure', async () => {
    const once = open();
    const failing = once('a', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await once('a', async () => undefined)).toBe(true);
  });

  it('does not run it twice at the same time', async () => {
    const once = open();
    const goOn = Promise.withResolvers<void>();
    const first = once('a', () => goOn.promise);
    await expect
      .poll(() => once('a', async () => undefined).catch((error: unknown) => error))
      .toBeInstanceOf(InProgressError);
    goOn.resolve();
    expect(await first).toBe(true);
  });

  it('runs it again after a worker died before the mark', async () => {
    const once = open(100);
    void once('a', () => new Promise(() => undefined)); // like that of a worker that has died
    await expect.poll(() => once('a', async () => undefined).catch(() => 'busy'), { timeout: 5000 }).toBe(true);
  });
});
