import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type SetAsideItem,
  type SetAsideSelection,
  type SetAsideVerb,
  setAsideVerbs,
} from '../../operate/set-aside.ts';
import { actorOf } from '../access/access.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { type ActionPrompt, confirmation, MAX_TARGETS } from '../views/action.ts';
import { numberOf } from '../views/format.ts';
import { setAsideView } from '../views/set-aside.ts';
import { attributionOf, perform, performAndShow } from './perform.ts';
import { listOf, type Query, textOf } from './query.ts';

const SECTION = '/console/spool';
const SEQ = /^\d{1,15}$/;

const TEXTS: Readonly<Record<SetAsideVerb, { readonly verb: string; readonly consequence: string }>> = {
  retry: {
    verb: 'Retry',
    consequence:
      'The spool tries again to move each callback to Redis. Those that Redis still refuses are set aside again within 30 seconds.',
  },
  discard: {
    verb: 'Discard',
    consequence:
      'They are deleted and no worker gets them, although they were acknowledged to PayCools. Only the journal or a reconciliation can recover them.',
  },
};

const selectionOf = (fields: Query): SetAsideSelection =>
  fields['all'] === '1'
    ? 'all'
    : listOf(fields['seq'])
        .filter((seq) => SEQ.test(seq))
        .map(Number);

const fieldsOf = (selection: SetAsideSelection): ActionPrompt['fields'] =>
  selection === 'all' ? [['all', '1']] : selection.map((seq) => ['seq', `${seq}`] as const);

const targetOf = ({ seq, merchantOrderId, amount, reason }: SetAsideItem): ActionPrompt['targets'][number] => ({
  id: `${seq}`,
  order: merchantOrderId,
  amount,
  state: `set aside: ${reason}`,
});

type FormRequest = { Querystring: Query; Body: Query | undefined };

const actionRoutes = (app: FastifyInstance, options: ConsoleOptions, verb: SetAsideVerb): void => {
  const path = `/actions/${verb}-set-aside`;
  const texts = TEXTS[verb];
  const page = { title: texts.verb, section: SECTION };
  app.get<FormRequest>(path, (request, reply) => {
    const selection = selectionOf(request.query);
    const items = options.setAside?.list() ?? [];
    const chosen = selection === 'all' ? items : items.filter(({ seq }) => selection.includes(seq));
    const count = selection === 'all' ? (options.setAside?.count() ?? 0) : chosen.length;
    const content = confirmation({
      ...texts,
      back: SECTION,
      path: `/console${path}`,
      fields: fieldsOf(selection),
      prompt: `${texts.verb} ${numberOf(count)} ${count === 1 ? 'callback' : 'callbacks'}?`,
      targets: chosen.slice(0, MAX_TARGETS).map(targetOf),
      count,
    });
    return sendPage(reply, options, { ...page, content });
  });
  app.post<FormRequest>(path, async (request, reply) => {
    const by = attributionOf(request, options);
    const act = () => options.setAside?.act(verb, selectionOf(request.body ?? {}), by) ?? [];
    return performAndShow(reply, options, { act, run: by.run, section: SECTION });
  });
};

/** The actor of a command: the holder of a token of OPS_OPERATORS, else the user whom the command line names. */
const commandActor = (request: FastifyRequest, { access, now }: ConsoleOptions, name: string | undefined): string => {
  const actor = actorOf(request, access, now());
  return name === undefined || actor !== `console ${request.ip}` ? actor : `cli ${name.slice(0, 100)}`;
};

/** For the command line, because only this process can open the file of its spool. */
const commandRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  app.get('/spool.json', () => options.setAside?.list() ?? []);
  app.post<FormRequest>('/spool.json', async (request, reply) => {
    const body = request.body ?? {};
    const verb = setAsideVerbs.find((it) => it === body['verb']);
    const by = { ...attributionOf(request, options), actor: commandActor(request, options, textOf(body['as'])) };
    const { setAside } = options;
    if (verb === undefined || setAside === null) return [];
    const { isDone, results } = await perform(() => setAside.act(verb, selectionOf(body), by), options);
    return isDone ? results : reply.code(503).send(results);
  });
};

/** Callbacks that are set aside in the spool of this receiver, and the actions on them. */
export const setAsideRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  app.get('/spool', (_request, reply) => {
    const { setAside, zoneOf } = options;
    const view = setAside === null ? null : { items: setAside.list(), count: setAside.count() };
    const content = setAsideView(view, zoneOf);
    return sendPage(reply, options, { title: 'Set aside', section: SECTION, content });
  });
  for (const verb of setAsideVerbs) actionRoutes(app, options, verb);
  commandRoutes(app, options);
};
