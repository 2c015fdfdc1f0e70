/** A part of the receiver that can be left out, to see what it costs. */
type Part = {
  readonly name: string;
  /** The end of the address of its module, in the built tree. */
  readonly module: string;
  /** The source of the module without what it does. */
  readonly replace: (source: string) => string;
};

/** In the order in which they are left out; each row of the table is without all of those before it, too. */
export const PARTS: readonly Part[] = [
  {
    name: 'index',
    module: '/dist/redis/index/index-writer.js',
    replace: (source) => `${source}\nIndexWriter.prototype.add = () => undefined;`,
  },
  {
    name: 'journal',
    module: '/dist/redis/journal/journal-writer.js',
    replace: (source) => `${source}\nJournalWriter.prototype.record = () => undefined;`,
  },
  {
    name: 'log and metrics',
    module: '/dist/observe/callbacks.js',
    replace: () => 'export const createCallbackObserver = () => () => undefined;',
  },
  {
    name: 'history, event, job and day in Redis',
    module: '/dist/redis/queue/add-events.js',
    replace: () =>
      "export const createAddEvents = () => async (jobs) => ({ answers: jobs.map(() => 'added'), report: '' });",
  },
];
