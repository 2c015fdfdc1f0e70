import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ActionResult, Operations } from '../../operate/operations.ts';
import type { Actor } from '../../operate/ports.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { confirmation, outcomeOf } from '../views/action.ts';
import { emptyState } from '../views/format.ts';

type Action = {
  readonly section: string;
  readonly prompt: (id: string) => string;
  readonly consequence: string;
  readonly verb: string;
  readonly run: (operations: Operations, id: string, actor: Actor) => AsyncIterable<ActionResult>;
};

/** Starts when the first result is requested, as the other actions do. */
async function* once(work: () => Promise<ActionResult>): AsyncGenerator<ActionResult> {
  yield await work();
}

/** What operators can do here. Each is idempotent, and audited by {@link Operations} itself. */
const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    replay: {
      section: '/console/callbacks',
      prompt: (id: string) => `Replay callback ${id}?`,
      consequence:
        'Its event is put back on its queue with the id that it has, and the workers of the merchant get it again. While it still waits there, nothing happens.',
      verb: 'Replay',
      run: (operations: Operations, id: string, actor: Actor) => once(() => operations.replay(id, actor)),
    },
    'redrive-failed': {
      section: '/console/failed',
      prompt: (id: string) => (id === 'all' ? 'Redrive all failed jobs?' : `Redrive ${id}?`),
      consequence: 'It waits on its queue again, with all its attempts, and the workers of the merchant get it again.',
      verb: 'Redrive',
      run: (operations: Operations, id: string, actor: Actor) => operations.redriveFailed(id, actor),
    },
    'redrive-unrecognized': {
      section: '/console/unrecognized',
      prompt: (id: string) => (id === 'all' ? 'Redrive all unrecognized callbacks?' : `Redrive ${id}?`),
      consequence: 'It is interpreted again by this version. It stays here if it is still not understood.',
      verb: 'Redrive',
      run: (operations: Operations, id: string, actor: Actor) => operations.redriveUnrecognized(id, actor),
    },
  } satisfies Record<string, Action>),
);

/** Longer than any id. */
const MAX_ID_LENGTH = 200;

const idOf = (source: unknown): string | null => {
  const id = typeof source === 'object' && source !== null && 'id' in source ? source.id : null;
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : null;
};

/** Collects the results; where Redis becomes unavailable half-way, those until then are shown. */
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
      message: 'Redis does not answer: try again when it is back; repeating is safe.',
    });
  }
  return all;
};

type ActionRequest = { Params: { action: string }; Querystring: Record<string, unknown> };

/** Asks before an action (GET), performs it (POST), and shows its results. No script is needed. */
export const actions = (app: FastifyInstance, options: ConsoleOptions): void => {
  const unknown = (reply: FastifyReply): Promise<FastifyReply> =>
    sendPage(reply, options, {
      title: 'No such action',
      section: '',
      content: emptyState('There is no such action, or no id was given.'),
      status: 404,
    });

  app.get<ActionRequest>('/actions/:action', async ({ params, query }, reply) => {
    const action = ACTIONS.get(params.action);
    const id = idOf(query);
    if (action === undefined || id === null) return unknown(reply);
    const { section, prompt, consequence, verb } = action;
    const back = params.action === 'replay' ? `${section}/${encodeURIComponent(id)}` : section;
    const path = `/console/actions/${params.action}`;
    const content = confirmation({ back, path, id, prompt: prompt(id), consequence, verb });
    return sendPage(reply, options, { title: verb, section, content });
  });

  app.post<ActionRequest>('/actions/:action', async ({ params, body, ip }, reply) => {
    const action = ACTIONS.get(params.action);
    const id = idOf(body);
    if (action === undefined || id === null) return unknown(reply);
    const { section, verb, run } = action;
    const results = await resultsOf(run(options.operations, id, `console ${ip}`), options);
    const back = params.action === 'replay' ? `${section}/${encodeURIComponent(id)}` : section;
    return sendPage(reply, options, { title: verb, section, content: outcomeOf(results, back) });
  });
};
