import { architecturePage } from './docs/architecture.ts';
import { clientPage } from './docs/client.ts';
import { configurationPage } from './docs/configuration.ts';
import { environmentExample } from './docs/environment-example.ts';
import { errorsPage } from './docs/errors.ts';
import { eventsPage } from './docs/events.ts';
import { metricsPage } from './docs/metrics.ts';
import { sandboxPage } from './docs/sandbox.ts';

/** The contents of all files that are generated from the code, by path. */
export const generatedFiles = (): Record<string, string> => ({
  '.env.example': environmentExample(),
  'docs/architecture.md': architecturePage(),
  'docs/client.md': clientPage(),
  'docs/configuration.md': configurationPage(),
  'docs/errors.md': errorsPage(),
  'docs/events.md': eventsPage(),
  'docs/metrics.md': metricsPage(),
  'docs/sandbox.md': sandboxPage(),
});
