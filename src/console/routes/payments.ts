import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PaymentRow } from '../../operate/operations.ts';
import { type ConsoleOptions, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { paymentPath } from '../views/format.ts';
import { paymentsView, paymentView } from '../views/payment.ts';
import { type Query, textOf } from './query.ts';

const MAX_ROWS = 100;
const SECTION = '/console/payments';

type Listing = { readonly id: string; readonly rows: readonly PaymentRow[]; readonly status?: number };

const sendList = (
  reply: FastifyReply,
  options: ConsoleOptions,
  { id, rows, status = 200 }: Listing,
): Promise<FastifyReply> =>
  sendPage(reply, options, {
    title: 'Payments',
    section: SECTION,
    content: paymentsView(id, rows, options.days),
    search: id,
    status,
  });

/** `/payments`: search by any id; `/payments/:id`: everything about one payment. */
export const paymentRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations } = options;

  app.get<{ Querystring: Query }>('/payments', async ({ query }, reply) => {
    const id = textOf(query['id']) ?? '';
    const read = await tryRead(options, () => operations.findPayments(id, MAX_ROWS));
    if (!read.ok) return sendUnavailable(reply, options, { title: 'Payments', section: SECTION });
    const { value: rows } = read;
    const [only] = rows;
    if (only !== undefined && rows.length === 1) return reply.redirect(paymentPath(only.key.id, only.key), 303);
    return sendList(reply, options, { id, rows });
  });

  app.get<{ Params: { id: string }; Querystring: Query }>('/payments/:id', async ({ params: { id }, query }, reply) => {
    const page = { title: `Payment ${id}`, section: SECTION };
    const read = await tryRead(options, () => operations.findPayments(id, MAX_ROWS));
    if (!read.ok) return sendUnavailable(reply, options, page);
    const [merchant, kind] = [textOf(query['merchant']), textOf(query['kind'])];
    const rows = read.value.filter(
      ({ isExact, key }) =>
        isExact && (merchant === undefined || key.merchant === merchant) && (kind === undefined || key.kind === kind),
    );
    const sameId = rows.filter(({ key }) => key.id === id);
    const [only, another] = sameId.length === 1 && kind !== undefined ? sameId : rows;
    if (only === undefined) return sendList(reply, options, { id, rows: [], status: 404 });
    if (another !== undefined) return sendList(reply, options, { id, rows });
    const history = await tryRead(options, () => operations.payment(only.key));
    if (!history.ok) return sendUnavailable(reply, options, page);
    const { value } = history;
    const asked = query['ask'] === '1' ? await operations.ask(value) : null;
    return sendPage(reply, options, {
      title: `Payment ${value.merchantOrderId ?? value.transactionId ?? id}`,
      section: SECTION,
      content: paymentView(value, asked),
    });
  });
};
