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
At \`/metrics\` of the operations listener, in addition to those of Node.js itself (\`process_*\`, \`nodejs_*\`). Their names are
interface. The \`outcome\` of a callback is one of ${outcomeLabels.join(', ')};
an unknown product or merchant counts as \`unknown\`, so that the labels stay few.

${table(
  ['metric', 'type', 'labels', 'meaning'],
  own.map(({ name, help, type, labelNames = [] }) => [code(name), type, labelNames.map(code).join(', '), help]),
)}
`;
};
