import { expect, it } from 'vitest';
import { openNamespace } from '../support/namespace.ts';

it('has a real Redis', async () => {
  const { redis } = openNamespace();
  expect(await redis.ping()).toBe('PONG');
});
