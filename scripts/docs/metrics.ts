import { createMetrics } from '../../src/observe/metrics.ts';
import { outcomeLabels } from '../../src/receive/outcome.ts';
import { code, generatedFrom, table } from './markdown.ts';

type Described = {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
};

/** docs/metrics.md */
export const metricsPage = (): string => {
  const own = (createMetrics().registry.getMetricsAsArray() as unknown as Described[]).filter(({ name }) =>
    name.startsWith('paycools_'),
  );
  return `# Metrics

${generatedFrom('src/observe/metrics.ts')}
Served at \`/metrics\` of the operations listener, together with the metrics of Node.js (\`process_*\`, \`nodejs_*\`). Their names
are part of the public interface. \`outcome\` is one of ${outcomeLabels.join(', ')}.
An unknown product or merchant is labelled \`unknown\`, which limits the number of time series.

${table(
  ['metric', 'type', 'labels', 'meaning'],
  own.map(({ name, help, type, labelNames = [] }) => [code(name), type, labelNames.map(code).join(', '), help]),
)}
`;
};
