import { describeEntry } from '../../operate/claims.ts';
import type { Inspection, JobSummary } from '../../operate/operations.ts';
import { paymentKeyOf } from '../../operate/payment-key.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import type { Explanation } from '../../verify/explain.ts';
import { type Content, type Html, html } from '../html.ts';
import { bodyView } from './body.ts';
import {
  callbackPath,
  emptyState,
  factsOf,
  moneyOf,
  numberOf,
  outcomeBadge,
  outcomeLegend,
  paymentPath,
  timeIn,
} from './format.ts';

type Fact = readonly [name: string, value: Content];

/** How it reached this service: by a request, or by a reconciliation. */
const arrivalFacts = ({ address, source, requestId, status, durationMs }: JournalEntry): readonly Fact[] =>
  source === null
    ? [['Emitted by', html`the reconciliation <code>${requestId}</code>`]]
    : [
        ['Reply', html`${status}, after ${(durationMs ?? 0).toFixed(1)} ms`],
        ['Posted to', address === null ? 'the address for all products' : address],
        ['From', html`<code>${source}</code>`],
        ['Request id', html`<code>${requestId}</code>`],
      ];

const repeatsFact = ({ repeats }: JournalEntry, zone: string): Content =>
  repeats === undefined
    ? 'none'
    : html`${numberOf(repeats.count)} more, the last at ${timeIn(repeats.lastReceivedAt, zone)}`;

const entryFacts = (entry: JournalEntry, zone: string): Html => {
  const { claims, merchantOrderId: order, amount } = describeEntry(entry);
  const payment = paymentKeyOf(entry, claims);
  const unproven = entry.event === null && html` <span class="claimed">(claimed, unproven)</span>`;
  return factsOf([
    ['Order', html`<b class="id">${order ?? '–'}</b>${order !== null && unproven}`],
    ['Amount', html`<b>${moneyOf(amount)}</b>${amount !== null && unproven}`],
    ['Payment', html`<a href="${paymentPath(payment.id)}">everything about ${payment.id}</a>`],
    ['Received', timeIn(entry.receivedAt, zone)],
    ['Outcome', html`${outcomeBadge(entry.outcome)}: ${outcomeLegend[entry.outcome].meaning}`],
    ['Repeats', repeatsFact(entry, zone)],
    ['Reason', entry.reason ?? '–'],
    ['Merchant', entry.merchant],
    ...arrivalFacts(entry),
  ]);
};

/**
 * The steps of a verification, without the expected signature of a body that is not genuine: anyone who read it here
 * could send that body as PayCools.
 */
const stepsOf = ({ steps, isGenuine }: Explanation) =>
  steps.map(({ step, result }) =>
    step === 'expected sign' && !isGenuine
      ? { step, result: 'a different one; not shown, because it would be valid' }
      : { step, result },
  );

const verification = (explanation: Explanation | null): Html => {
  if (explanation === null)
    return emptyState('No longer possible: the body is not stored in full, or its merchant is no longer configured.');
  const { isGenuine, likelyMistake } = explanation;
  return html`<p class="verdict ${isGenuine ? 'good' : 'bad'}"><span aria-hidden="true">${isGenuine ? '✓' : '✗'}</span> ${
    isGenuine ? 'Genuine' : 'Not genuine'
  }, with the current keys.</p>
<ol class="steps">${stepsOf(explanation).map(({ step, result }) => html`<li><b>${step}</b> <code>${result}</code></li>`)}</ol>${
    likelyMistake !== null && html`<p class="notice"><strong>Likely mistake:</strong> ${likelyMistake}</p>`
  }`;
};

const jobFacts = (job: JobSummary | null): Html =>
  job === null
    ? emptyState('No job: it completed and was removed, or there never was one.')
    : factsOf([
        ['Queue', html`<a href="/console/queues/queue/${encodeURIComponent(`{${job.queue}}`)}">${job.queue}</a>`],
        ['State', job.state],
        ['Attempts', job.attempts],
        ['Last failure', job.failedReason ?? '–'],
      ]);

const replayForm = ({ id, event }: JournalEntry): Html | null =>
  event === null
    ? null
    : html`<p><a class="button" href="/console/actions/replay?id=${encodeURIComponent(id)}">Replay …</a> <span class="aside">puts the event back on its queue under the same id</span></p>`;

const eventView = ({ entry, event }: Inspection): Html =>
  html`${
    event === null
      ? emptyState(
          entry.event === null
            ? 'No event was produced.'
            : 'The event cannot be rebuilt: the body is not stored in full.',
        )
      : html`<details><summary>Event as JSON</summary><pre tabindex="0" aria-label="Event">${JSON.stringify(event, null, 2)}</pre></details>`
  }${replayForm(entry)}`;

const bodySection = ({ id, body, isCut }: JournalEntry): Html => {
  if (body === null) return emptyState('It cannot be decrypted with the current JOURNAL_KEY.');
  return html`<p class="aside">${numberOf(body.length)} bytes${isCut && ', truncated: only the first 8 KiB of a rejected body are kept'} · <a href="${callbackPath(id)}/body" download>download</a></p><details><summary>Body as received</summary>${bodyView(body)}</details>`;
};

/** One callback in full: summary, job, verification, event and body. */
export const callbackView = (inspection: Inspection, zone: string): Html => {
  const { entry, explanation, job } = inspection;
  return html`<div class="columns">
<div>
<section aria-labelledby="facts"><h2 id="facts">Summary</h2>${entryFacts(entry, zone)}</section>
<section aria-labelledby="job"><h2 id="job">Job</h2>${jobFacts(job)}</section>
</div>
<div>
<section aria-labelledby="verification"><h2 id="verification">Verification</h2>${verification(explanation)}</section>
<section aria-labelledby="event"><h2 id="event">Event</h2>${eventView(inspection)}</section>
<section aria-labelledby="body"><h2 id="body">Body</h2>${bodySection(entry)}</section>
</div>
</div>`;
};
