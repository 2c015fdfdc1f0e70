import type { ItemKind, Selection } from '../operate/open-items.ts';
import type { ActionResult, Attribution, Operations } from '../operate/operations.ts';

/** An action of operators on items of one kind. */
export type ItemAction = {
  /** Last segment of its path: `redrive-failed`. */
  readonly name: string;
  readonly kind: ItemKind;
  readonly verb: string;
  readonly consequence: string;
  readonly run: (operations: Operations, selection: Selection, by: Attribution) => AsyncIterable<ActionResult>;
};

/** How the console shows one kind of item, and the actions on it. */
type ItemPages = {
  /** Path of the list, below `/console`. */
  readonly path: string;
  readonly title: string;
  /** For prompts: `Redrive 3 failed jobs?`. */
  readonly noun: readonly [singular: string, plural: string];
  /** Shown when the list is empty. */
  readonly empty: string;
  /** The usual action first. */
  readonly actions: readonly ItemAction[];
};

const redrive = (kind: Exclude<ItemKind, 'finding'>, consequence: string): ItemAction => ({
  name: `redrive-${kind}`,
  kind,
  verb: 'Redrive',
  consequence,
  run: (operations, selection, by) => operations.redrive(kind, selection, by),
});

const discard = (kind: ItemKind, verb: 'Discard' | 'Resolve', consequence: string): ItemAction => ({
  name: `${verb.toLowerCase()}-${kind}`,
  kind,
  verb,
  consequence,
  run: (operations, selection, by) => operations.discard(kind, selection, by),
});

/** The kinds of items that wait for an operator. Every action is idempotent, and {@link Operations} audits it. */
export const itemKinds: Readonly<Record<ItemKind, ItemPages>> = {
  failed: {
    path: '/failed',
    title: 'Failed jobs',
    noun: ['failed job', 'failed jobs'],
    empty: 'No failed jobs: no event has used up its attempts.',
    actions: [
      redrive(
        'failed',
        'Each job returns to its queue with all its attempts, and a worker processes it again. Whatever a worker did before it failed may happen a second time.',
      ),
      discard(
        'failed',
        'Discard',
        'No worker will get these events. You can still replay their callbacks while the journal keeps them.',
      ),
    ],
  },
  unrecognized: {
    path: '/unrecognized',
    title: 'Unrecognized callbacks',
    noun: ['unrecognized callback', 'unrecognized callbacks'],
    empty: 'No unrecognized callbacks: every genuine one was understood.',
    actions: [
      redrive(
        'unrecognized',
        'Each is interpreted again by the running version. Those that are still not understood remain here.',
      ),
      discard(
        'unrecognized',
        'Discard',
        'They are removed, and no worker gets them. Discard only callbacks that someone has handled by hand.',
      ),
    ],
  },
  finding: {
    path: '/findings',
    title: 'Findings',
    noun: ['finding', 'findings'],
    empty: 'No open findings: PayCools and the received events agree.',
    actions: [
      discard('finding', 'Resolve', 'They are closed; the alert clears once no finding is open. Nothing else changes.'),
    ],
  },
};

/** The action with this name. */
export const findItemAction = (name: string): ItemAction | undefined =>
  Object.values(itemKinds)
    .flatMap(({ actions }) => actions)
    .find((action) => action.name === name);
