import { createMetrics } from '../../src/observe/metrics.ts';
import { outcomeLabels } from '../../src/receive/outcome.ts';

type Described = { readonly name: string; readonly type: string; readonly labelNames?: readonly string[] };

const HISTOGRAM = ['_bucket', '_sum', '_count'];

const described = createMetrics().registry.getMetricsAsArray() as unknown as readonly Described[];

/** The labels of every series that the service exports. */
const exported: ReadonlyMap<string, readonly string[]> = new Map(
  described.flatMap(({ name, type, labelNames = [] }) =>
    (type === 'histogram' ? HISTOGRAM : ['']).map((suffix) => [name + suffix, labelNames] as const),
  ),
);

/** Labels and series that Prometheus itself adds. */
const ADDED_LABELS = ['job', 'instance', 'le'];
const ADDED_SERIES = ['up', 'ALERTS'];

const SELECTOR = /\b([a-z]\w*_\w+)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)(?:=~|!~|!=|=)"([^"]*)"/g;
const FUNCTIONS = ['histogram_quantile'];

const complaintsOf = ([, name = '', matchers = '']: RegExpMatchArray): string[] => {
  const labels = exported.get(name);
  if (labels === undefined) return [`${name} is not exported`];
  return [...matchers.matchAll(MATCHER)].flatMap(([, label = '', value = '']) => {
    if (!labels.includes(label) && !ADDED_LABELS.includes(label)) return [`${name} has no label ${label}`];
    const unknown = value.split('|').filter((word) => label === 'outcome' && !isOutcome(name, word));
    return unknown.map((word) => `${name} has no outcome ${word}`);
  });
};

const isOutcome = (name: string, word: string): boolean =>
  name.startsWith('paycools_callback') ? outcomeLabels.some((it) => it === word) : true;

/** The series, labels and outcomes in a query of Prometheus that the service does not export. */
export const complaintsAbout = (query: string): string[] =>
  [...query.matchAll(SELECTOR)]
    .filter(([, name = '']) => !FUNCTIONS.includes(name) && !ADDED_SERIES.includes(name))
    .flatMap(complaintsOf);
