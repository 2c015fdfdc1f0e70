import { createMetrics } from '../../src/observe/metrics.ts';
import { outcomeLabels } from '../../src/receive/outcome.ts';

type Described = { readonly name: string; readonly type: string; readonly labelNames?: readonly string[] };

const HISTOGRAM = ['_bucket', '_sum', '_count'];

const described = createMetrics().registry.getMetricsAsArray() as unknown as readonly Described[];

/** Every series that the service exports, and its labels. */
const exported: ReadonlyMap<string, readonly string[]> = new Map(
  described.flatMap(({ name, type, labelNames = [] }) =>
    (type === 'histogram' ? HISTOGRAM : ['']).map((suffix) => [name + suffix, labelNames] as const),
  ),
);

/** What Prometheus itself adds. */
const OF_PROMETHEUS = ['job', 'instance', 'le'];
const BUILT_IN = ['up', 'ALERTS'];

const SELECTOR = /\b([a-z]\w*_\w+)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)(?:=~|!~|!=|=)"([^"]*)"/g;
const FUNCTIONS = ['histogram_quantile'];

const complaintsOf = ([, name = '', matchers = '']: RegExpMatchArray): string[] => {
  const labels = exported.get(name);
  if (labels === undefined) return [`${name} is not exported`];
  return [...matchers.matchAll(MATCHER)].flatMap(([, label = '', value = '']) => {
    if (!labels.includes(label) && !OF_PROMETHEUS.includes(label)) return [`${name} has no label ${label}`];
    const unknown = value.split('|').filter((word) => label === 'outcome' && !isOutcome(name, word));
    return unknown.map((word) => `${name} has no outcome ${word}`);
  });
};

const isOutcome = (name: string, word: string): boolean =>
  name.startsWith('paycools_callback') ? outcomeLabels.some((it) => it === word) : true;

/** What is wrong with a query of Prometheus: series, labels and outcomes that the service does not export. */
export const complaintsAbout = (query: string): string[] =>
  [...query.matchAll(SELECTOR)]
    .filter(([, name = '']) => !FUNCTIONS.includes(name) && !BUILT_IN.includes(name))
    .flatMap(complaintsOf);
