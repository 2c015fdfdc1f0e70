/** A part of the receiver that can be removed to see what it costs. */
type Part = {
  readonly name: string;
  /** End of the URL of its module in the built tree. */
  readonly module: string;
  /** Returns the source of the module without the part. */
  readonly replace: (source: string) => string;
};

/** In the order of their removal. Each row of the table is also without the parts before it. */
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
