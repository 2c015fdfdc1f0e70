import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OpenItem, Selection } from '../../operate/open-items.ts';
import { attemptsText } from '../../operate/payment-history.ts';
import { findItemAction, type ItemAction, itemKinds } from '../item-kinds.ts';
import { type ConsoleOptions, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { type ActionPrompt, confirmation, MAX_TARGETS } from '../views/action.ts';
import { emptyState, numberOf } from '../views/format.ts';
import { attributionOf, performAndShow } from './perform.ts';
import { filtersOf, idsOf, listOf, type Query, toItemFilter } from './query.ts';
import { replayRoutes } from './replay.ts';

/** Counting stops at this number of items. */
const MAX_COUNTED = 10_000;
const FILTERS = ['product', 'merchant', 'from', 'to'] as const;

/** What a form selects: some ids, or all items that match its filters; null if it selects nothing. */
const selectionOf = (fields: Query, options: ConsoleOptions): Selection | null => {
  const ids = idsOf(fields);
  const isAll = fields['all'] === '1' || ids.includes('all');
  if (isAll) return { filter: toItemFilter(filtersOf({ ...fields, id: fields['prefix'] }), options) };
  return ids.length === 0 ? null : { ids };
};

/** A selection as hidden fields of the form that confirms it. */
const fieldsOf = (query: Query, selection: Selection): ActionPrompt['fields'] => {
  if ('ids' in selection) return selection.ids.map((id) => ['id', id] as const);
  const filters = FILTERS.flatMap((name) => listOf(query[name]).map((value) => [name, value] as const));
  return [['all', '1'], ...listOf(query['prefix']).map((value) => ['prefix', value] as const), ...filters];
};

const countItems = async (items: AsyncIterable<OpenItem>): Promise<CountedItems> => {
  const first: OpenItem[] = [];
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (first.length < MAX_TARGETS) first.push(item);
    if (count === MAX_COUNTED) break;
  }
  return { first, count };
};

const sectionOf = ({ kind }: ItemAction): string => `/console${itemKinds[kind].path}`;

/** The state of an item, for the operator who decides. */
const stateOf = ({ kind, type, attempts, reason, eventName }: OpenItem): string => {
  if (kind === 'failed') return `${type}, given up after ${attemptsText(attempts)}: ${reason ?? 'no reason'}`;
  return kind === 'finding' ? `${type}: ${reason ?? ''}` : `${eventName ?? type}: ${reason ?? ''}`;
};

type CountedItems = { readonly first: readonly OpenItem[]; readonly count: number };

const promptOf = (
  action: ItemAction,
  fields: ActionPrompt['fields'],
  { first, count }: CountedItems,
): ActionPrompt => ({
  back: sectionOf(action),
  path: `/console/actions/${action.name}`,
  fields,
  prompt: `${action.verb} ${numberOf(count)} ${itemKinds[action.kind].noun[count === 1 ? 0 : 1]}?`,
  consequence: action.consequence,
  verb: action.verb,
  targets: first.map((item) => ({
    id: item.subject,
    order: item.merchantOrderId,
    amount: item.amount,
    state: stateOf(item),
  })),
  count,
});

type ActionRequest = { Params: { action: string }; Querystring: Query; Body: Query | undefined };

/** Asks for confirmation of an action (GET), performs it (POST), and redirects to its results. Works without script. */
export const actions = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations } = options;
  const sendNotFound = (reply: FastifyReply): Promise<FastifyReply> => {
    const content = emptyState('No such action, or nothing was selected.');
    return sendPage(reply, options, { title: 'No such action', section: '', content, status: 404 });
  };
  replayRoutes(app, options, sendNotFound);

  app.get<ActionRequest>('/actions/:action', async ({ params, query }, reply) => {
    const action = findItemAction(params.action);
    const selection = selectionOf(query, options);
    if (action === undefined || selection === null) return sendNotFound(reply);
    const page = { title: action.verb, section: sectionOf(action) };
    const read = await tryRead(options, () => countItems(operations.items(action.kind, selection)));
    if (!read.ok) return sendUnavailable(reply, options, page);
    const prompt = promptOf(action, fieldsOf(query, selection), read.value);
    return sendPage(reply, options, { ...page, content: confirmation(prompt) });
  });

  app.post<ActionRequest>('/actions/:action', async (request, reply) => {
    const action = findItemAction(request.params.action);
    const selection = selectionOf(request.body ?? {}, options);
    if (action === undefined || selection === null) return sendNotFound(reply);
    const by = attributionOf(request, options);
    const act = () => action.run(operations, selection, by);
    return performAndShow(reply, options, { act, run: by.run, section: sectionOf(action) });
  });
};
