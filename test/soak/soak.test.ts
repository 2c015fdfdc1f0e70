import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('loses no genuine callback while all hostile clients attack at once', { timeout: 90_000 }, async () => {
  const { sent, lost, exitCode } = await soak({ seconds: 12, perSecond: 50 });
  expect({ sent, lost, exitCode }).toEqual({ sent: 600, lost: 0, exitCode: 0 });
});
