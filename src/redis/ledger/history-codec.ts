import { type Status, statuses } from '../../core/event.ts';
import { amountOf } from '../../core/money.ts';
import { emptyHistory, type History, type Sighting } from '../../receive/history.ts';
import type { Moment } from '../../receive/moment.ts';
import type { StoredHistory } from '../../receive/ports.ts';

/** The currency of nearly every amount; omitted for that reason. */
const USUAL_CURRENCY = 'PHP';

type Time = readonly [completedAt: number | null, createdAt: number | null, receivedAt: number];

/** A sighting as it is stored: a tuple, because there is one for every status of every transaction. */
type Row = readonly [
  status: number,
  minor: number | null,
  order: string | null,
  channel: string | null,
  first: Time,
  /** 0 if it is the same as the first. */
  last: Time | 0,
  /** The sum of DELIVERED if its event is on its queue, and RECONCILED if a reconciliation reported it first. */
  marks: number,
  /** 0 for the first one of its status. */
  repeatedAt: number,
  /** 0 for the usual one. */
  currency: string | 0,
];

const DELIVERED = 1;
const RECONCILED = 2;

const timeOf = ({ completedAt, createdAt, receivedAt }: Moment): Time => [completedAt, createdAt, receivedAt];

const momentOf = ([completedAt, createdAt, receivedAt]: Time): Moment => ({ completedAt, createdAt, receivedAt });

const rowOf = ({ statement, repeatedAt, first, last, origin, isDelivered }: Sighting): Row => {
  const { status, amount, merchantOrderId, channelCode } = statement;
  const currency = amount?.currency ?? USUAL_CURRENCY;
  return [
    statuses.indexOf(status),
    amount?.minor ?? null,
    merchantOrderId,
    channelCode,
    timeOf(first),
    first === last ? 0 : timeOf(last),
    (isDelivered ? DELIVERED : 0) + (origin === 'reconciliation' ? RECONCILED : 0),
    repeatedAt ?? 0,
    currency === USUAL_CURRENCY ? 0 : currency,
  ];
};

const sightingOf = (row: Row): Sighting => {
  const [status, minor, merchantOrderId, channelCode, first, last, marks, repeatedAt, currency] = row;
  const amount = minor === null ? null : amountOf(minor, currency === 0 ? USUAL_CURRENCY : currency);
  const firstMoment = momentOf(first);
  return {
    statement: { status: statuses[status] as Status, amount, merchantOrderId, channelCode },
    repeatedAt: repeatedAt === 0 ? null : repeatedAt,
    first: firstMoment,
    last: last === 0 ? firstMoment : momentOf(last),
    origin: (marks & RECONCILED) === 0 ? 'callback' : 'reconciliation',
    isDelivered: (marks & DELIVERED) !== 0,
  };
};

/** A history as text. The order of {@link statuses} is part of the format: append new ones. */
export const encodeHistory = ({ product, sightings, refuted }: History): string =>
  JSON.stringify([product, sightings.map(rowOf), ...(refuted.length === 0 ? [] : [refuted])]);

const decodeHistory = (text: string): History => {
  const [product, rows, refuted = []] = JSON.parse(text) as [string | null, Row[], string[]?];
  return { product, sightings: rows.map(sightingOf), refuted };
};

/**
 * Reads a stored history; '' for none.
 *
 * @param inherited the history that counts if none is stored, as text; '' for none
 */
export const storedOf = (text: string, inherited = ''): StoredHistory => {
  const known = text === '' ? inherited : text;
  return { history: known === '' ? emptyHistory : decodeHistory(known), version: text };
};
