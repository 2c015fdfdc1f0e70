import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventId } from '../../src/core/event-id.ts';
import { amountOf, parseCentavos } from '../../src/core/money.ts';
import { Secret } from '../../src/core/secret.ts';
import { isTimeZone, parsePaycoolsTime } from '../../src/core/time.ts';

describe('parseCentavos', () => {
  it.each([
    [0, 0],
    [312500, 312500],
    ['312500', 312500],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
  ])('reads %j', (value, minor) => {
    expect(parseCentavos(value)).toBe(minor);
  });

  it.each([
    -1,
    -0,
    1.5,
    '100.00',
    '-1',
    '+1',
    '1e2',
    '1E2',
    ' 1',
    '',
    '٣',
    2 ** 53,
    '1000000000000000',
    null,
    true,
    [1],
  ])('refuses %j', (value) => {
    expect(parseCentavos(value)).toBeNull();
  });
});

describe('amountOf', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [99, '0.99'],
    [100, '1.00'],
    [50010, '500.10'],
  ])('writes %i centavos as %s', (minor, value) => {
    expect(amountOf(minor, 'PHP')).toEqual({ minor, currency: 'PHP', value });
  });

  it('writes the centavos as the digits of every amount', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (minor) => {
        expect(BigInt(amountOf(minor, 'PHP').value.replace('.', ''))).toBe(BigInt(minor));
      }),
    );
  });
});

describe('parsePaycoolsTime', () => {
  it.each([
    ['2022-05-31 09:38:15', 'Asia/Manila', '2022-05-31T01:38:15.000Z'],
    ['2023-01-01 00:00:00', 'Asia/Manila', '2022-12-31T16:00:00.000Z'],
    ['2024-02-29 12:00:00', 'Asia/Manila', '2024-02-29T04:00:00.000Z'],
    ['2024-07-19T14:14:47+08:00', 'UTC', '2024-07-19T06:14:47.000Z'],
    ['2026-03-02T12:51:54.949+00:00', 'Asia/Manila', '2026-03-02T12:51:54.949Z'],
    ['2026-03-02T12:51:54.9Z', 'Asia/Manila', '2026-03-02T12:51:54.900Z'],
    ['2024-01-01 12:00:00', 'UTC', '2024-01-01T12:00:00.000Z'],
    ['2024-07-01 12:00:00', 'Europe/Berlin', '2024-07-01T10:00:00.000Z'],
    ['2024-03-31 01:59:59', 'Europe/Berlin', '2024-03-31T00:59:59.000Z'],
    ['2024-03-31 03:00:00', 'Europe/Berlin', '2024-03-31T01:00:00.000Z'],
    ['2024-06-30 12:00:00', 'Asia/Kathmandu', '2024-06-30T06:15:00.000Z'],
  ])('reads %s in %s as %s', (text, zone, utc) => {
    expect(parsePaycoolsTime(text, zone)).toBe(utc);
  });

  it.each([
    '',
    '2022-13-01 00:00:00',
    '2023-02-29 00:00:00',
    '2022-05-31 24:00:00',
    '2022-05-31',
    'yesterday',
    '2024-07-19T14:14:47+99:99',
    '2024-07-19T14:14:47+08:60',
    '1679335338000',
  ])('returns null for %j', (text) => {
    expect(parsePaycoolsTime(text, 'Asia/Manila')).toBeNull();
  });

  it('reads back every wall-clock time of a zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1995-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.constantFrom('Asia/Manila', 'UTC', 'Asia/Kathmandu', 'Asia/Jakarta'),
        (date, timeZone) => {
          date.setUTCMilliseconds(0);
          const wall = date.toLocaleString('sv-SE', { timeZone });
          expect(parsePaycoolsTime(wall, timeZone)).toBe(date.toISOString());
        },
      ),
    );
  });
});

describe('isTimeZone', () => {
  it('accepts only names of time zones', () => {
    expect(isTimeZone('Asia/Manila')).toBe(true);
    expect(isTimeZone('Asia/Nowhere')).toBe(false);
  });
});

describe('eventId', () => {
  const subject = { kind: 'transaction', id: 'D1' };

  it('is the same for the same fact', () => {
    expect(eventId('default', subject, 'failed')).toBe(eventId('default', { ...subject }, 'failed'));
    expect(eventId('default', subject, 'failed')).toMatch(/^evt_[0-9a-f]{32}$/);
  });

  it('differs by merchant, kind, id and status', () => {
    const ids = [
      eventId('default', subject, 'failed'),
      eventId('other', subject, 'failed'),
      eventId('default', { ...subject, kind: 'refund' }, 'failed'),
      eventId('default', { ...subject, id: 'D2' }, 'failed'),
      eventId('default', subject, 'succeeded'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('Secret', () => {
  it('shows its text only when asked to reveal it', () => {
    const secret = new Secret('hush');
    expect([String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret })].join()).not.toContain('hush');
    expect(secret.reveal()).toBe('hush');
  });
});
