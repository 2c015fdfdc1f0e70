import { describe, expect, it } from 'vitest';
import { type Fake, payoutRow } from './fake-paycools.ts';
import { startFakeStage } from './fake-stage.ts';

const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => payoutRow(`D${from + index}`));

const subjectsOf = (events: readonly { readonly subject: string }[]): string[] =>
  events.map(({ subject }) => subject).sort();

const ids = (count: number): string[] =>
  rows(1, count)
    .map(({ transactionId }) => String(transactionId))
    .sort();

/** Inserts rows once, when a page of the first view is requested. */
const insertAt = (place: (statement: unknown[]) => number, request = 'payout createDate 2') => {
  let isDone = false;
  return (asked: string, { statements }: Fake): undefined => {
    if (isDone || asked !== request) return;
    isDone = true;
    statements.payout.splice(place(statements.payout), 0, ...rows(10, 12));
  };
};

describe('a statement that changes while it is read', () => {
  it.each([
    ['in front', insertAt(() => 0)],
    ['in the middle', insertAt((all) => Math.floor(all.length / 2))],
    ['at the end', insertAt((all) => all.length)],
    ['in front of the last page', insertAt(() => 0, 'payout createDate 4')],
  ])('loses nothing when rows arrive %s', async (_, onPage) => {
    const { fake, run, eventsOf } = await startFakeStage({ onPage });
    fake.statements.payout.push(...rows(1, 9));
    expect(await run()).toMatchObject({ incomplete: false, rows: 12, emitted: 12 });
    expect(subjectsOf(await eventsOf('payout'))).toEqual(ids(12));
  });

  it('loses nothing when a row before a page disappears', async () => {
    let isGone = false;
    const { fake, run, eventsOf } = await startFakeStage({
      onPage: (request, { statements }) => {
        if (isGone || request !== 'payout createDate 2') return undefined;
        isGone = true;
        statements.payout.shift();
        return undefined;
      },
    });
    fake.statements.payout.push(...rows(1, 9));
    await run();
    expect(subjectsOf(await eventsOf('payout'))).toEqual(ids(9));
  });

  it('is read until a pass finds nothing new, and only once if it has one page', async () => {
    const long = await startFakeStage();
    long.fake.statements.payout.push(...rows(1, 4));
    expect(await long.run()).toMatchObject({ passes: 5 });
    const short = await startFakeStage();
    short.fake.statements.payout.push(...rows(1, 2));
    expect(await short.run()).toMatchObject({ passes: 4 });
  });

  it('is not read forever when every pass finds something new', async () => {
    let next = 100;
    const { fake, run } = await startFakeStage({
      onPage: (request, { statements }) => {
        if (request === 'payout createDate 1') statements.payout.push(payoutRow(`D${next++}`));
        return undefined;
      },
    });
    fake.statements.payout.push(...rows(1, 5));
    expect(await run()).toMatchObject({ incomplete: false, passes: 7 });
  });
});

describe('a statement that repeats its pages', () => {
  it('ends after three consecutive pages without new rows', async () => {
    const { fake, run } = await startFakeStage({
      onPage: (request, { statements }) =>
        request.startsWith('payout createDate') ? { code: 1000, data: { records: statements.payout } } : undefined,
    });
    fake.statements.payout.push(...rows(1, 3));
    expect(await run()).toMatchObject({ incomplete: false, rows: 3, emitted: 3 });
    expect(fake.requests.filter((it) => it.startsWith('payout createDate')).length).toBeLessThan(20);
  });
});
