import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ActionResult, Actor, Operations } from '../../operate/operations.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { confirmation, outcomeOf } from '../views/action.ts';
import { nothing } from '../views/format.ts';

type Action = {
  readonly section: string;
  readonly question: (id: string) => string;
  readonly consequence: string;
  readonly verb: string;
  readonly run: (operations: Operations, id: string, actor: Actor) => AsyncIterable<ActionResult>;
};

/** Begins when it is first asked for a result, as the others do. */
async function* once(work: () => Promise<ActionResult>): AsyncGenerator<ActionResult> {
  yield await work();
}

/** What operators can do here. Each is idempotent, and audited by {@link Operations} itself. */
const ACTIONS: Readonly<Record<string, Action>> = {
  replay: {
    section: '/console/callbacks',
    question: (id) => `Replay callback ${id}?`,
    consequence:
      'Its event is put back on its queue with the id that it has, and the workers of the merchant get it again. While it still waits there, nothing happens.',
    verb: 'Replay',
    run: (operations, id, actor) => once(() => operations.replay(id, actor)),
  },
  'redrive-failed': {
    section: '/console/dead-letters',
    question: (id) => (id === 'all' ? 'Redrive all dead letters?' : `Redrive ${id}?`),
    consequence: 'It waits on its queue again, with all its attempts, and the workers of the merchant get it again.',
    verb: 'Redrive',
    run: (operations, id, actor) => operations.redriveFailed(id, actor),
  },
  'redrive-unrecognized': {
    section: '/console/quarantine',
    question: (id) => (id === 'all' ? 'Redrive the whole quarantine?' : `Redrive ${id}?`),
    consequence: 'It goes through the mapping of this version again. What is still not understood stays here.',
    verb: 'Redrive',
    run: (operations, id, actor) => operations.redriveUnrecognized(id, actor),
  },
};

/** Longer than any id; what is longer is none. */
const MAX_ID_LENGTH = 200;

const idOf = (source: unknown): string | null => {
  const id = typeof source === 'object' && source !== null && 'id' in source ? source.id : null;
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : null;
};

/** Goes on to its end; where Redis goes away on the way, what was done until then is told. */
const resultsOf = async (results: AsyncIterable<ActionResult>, { connected, onError }: ConsoleOptions) => {
  const all: ActionResult[] = [];
  try {
    await connected();
    for await (const result of results) all.push(result);
  } catch (error) {
    onError(error);
    all.push({
      id: '–',
      isDone: false,
      message: 'Redis does not answer: do it again when it is back; nothing is doubled.',
    });
  }
  return all;
};

type ActionRequest = { Params: { action: string }; Querystring: Record<string, unknown> };

/** Asks before an action (GET), does it (POST), and shows what became of it. No script is needed. */
export const actions = (app: FastifyInstance, options: ConsoleOptions): void => {
  const unknown = (reply: FastifyReply): Promise<FastifyReply> =>
    sendPage(reply, options, {
      title: 'No such action',
      section: '',
      content: nothing('There is no such action, or it names no id.'),
      status: 404,
    });

  app.get<ActionRequest>('/actions/:action', async ({ params, query }, reply) => {
    const action = ACTIONS[params.action];
    const id = idOf(query);
    if (action === undefined || id === null) return unknown(reply);
    const { section, question, consequence, verb } = action;
    const back = params.action === 'replay' ? `${section}/${encodeURIComponent(id)}` : section;
    const path = `/console/actions/${params.action}`;
    const content = confirmation({ back, path, id, question: question(id), consequence, verb });
    return sendPage(reply, options, { title: verb, section, content });
  });

  app.post<ActionRequest>('/actions/:action', async ({ params, body, ip }, reply) => {
    const action = ACTIONS[params.action];
    const id = idOf(body);
    if (action === undefined || id === null) return unknown(reply);
    const { section, verb, run } = action;
    const results = await resultsOf(run(options.operations, id, `console ${ip}`), options);
    const back = params.action === 'replay' ? `${section}/${encodeURIComponent(id)}` : section;
    return sendPage(reply, options, { title: verb, section, content: outcomeOf(results, back) });
  });
};
