import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysOf, isDay } from '../../src/core/day.ts';

describe('a calendar day', () => {
  it('begins and ends at midnight in its zone', () => {
    expect(dayOf(Date.parse('2026-05-01T15:59:59.999Z'), 'Asia/Manila')).toBe('2026-05-01');
    expect(dayOf(Date.parse('2026-05-01T16:00:00Z'), 'Asia/Manila')).toBe('2026-05-02');
    expect(dayOf(Date.parse('2026-05-01T16:00:00Z'), 'UTC')).toBe('2026-05-01');
  });

  it.each([
    ['2026-05-02', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-13-01', false],
    ['2026-5-2', false],
    ['today', false],
  ])('is recognized in %s: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });

  it('is counted across months and years', () => {
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysOf({ from: '2026-02-27', to: '2026-03-01' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysOf({ from: '2026-02-27', to: '2026-02-27' })).toEqual(['2026-02-27']);
    expect(daysOf({ from: '2026-02-28', to: '2026-02-27' })).toEqual([]);
  });
});
