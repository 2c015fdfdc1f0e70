import type { ItemKind, OpenItem, Selection } from '../../operate/open-items.ts';
import type { Acting, ActionResult, Operations } from '../../operate/operations.ts';

/** Something that operators can do with items. */
export type ItemAction = {
  readonly kind: ItemKind;
  readonly section: string;
  readonly verb: string;
  /** `Redrive 3 failed jobs?`. */
  readonly noun: readonly [one: string, many: string];
  readonly consequence: string;
  readonly run: (operations: Operations, selection: Selection, acting: Acting) => AsyncIterable<ActionResult>;
};

const failed = { kind: 'failed', section: '/console/failed', noun: ['failed job', 'failed jobs'] } as const;
const unrecognized = {
  kind: 'unrecognized',
  section: '/console/unrecognized',
  noun: ['unrecognized callback', 'unrecognized callbacks'],
} as const;

/** What operators can do with items. Each is idempotent, and audited by {@link Operations} itself. */
export const itemActions: ReadonlyMap<string, ItemAction> = new Map<string, ItemAction>([
  [
    'redrive-failed',
    {
      ...failed,
      verb: 'Redrive',
      consequence:
        'Each waits on its queue again, with all its attempts, and your workers get it again. What a worker did before it failed may happen a second time.',
      run: (operations, selection, acting) => operations.redrive('failed', selection, acting),
    },
  ],
  [
    'discard-failed',
    {
      ...failed,
      verb: 'Discard',
      consequence:
        'No worker will get these events. A replay of their callbacks brings them back, as long as the journal has them.',
      run: (operations, selection, acting) => operations.discard('failed', selection, acting),
    },
  ],
  [
    'redrive-unrecognized',
    {
      ...unrecognized,
      verb: 'Redrive',
      consequence: 'Each is interpreted again by this version. Callbacks that are still not understood stay here.',
      run: (operations, selection, acting) => operations.redrive('unrecognized', selection, acting),
    },
  ],
  [
    'discard-unrecognized',
    {
      ...unrecognized,
      verb: 'Discard',
      consequence: 'They are taken away, and no worker gets them. Discard what somebody dealt with by hand.',
      run: (operations, selection, acting) => operations.discard('unrecognized', selection, acting),
    },
  ],
  [
    'resolve-finding',
    {
      kind: 'finding',
      section: '/console/findings',
      noun: ['finding', 'findings'],
      verb: 'Resolve',
      consequence: 'They are closed, and their alert ends. Nothing else changes.',
      run: (operations, selection, acting) => operations.discard('finding', selection, acting),
    },
  ],
]);

/** In what state an item is, for the person who decides. */
export const stateOfItem = ({ kind, type, attempts, reason, eventName }: OpenItem): string => {
  if (kind === 'failed')
    return `${type}, given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${reason ?? 'no reason'}`;
  return kind === 'finding' ? `${type}: ${reason ?? ''}` : `${eventName ?? type}: ${reason ?? ''}`;
};
