import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { referenceRoutes } from '../console/routes/reference-routes.ts';
import { openApiDocument } from '../http/openapi.ts';
import { buildOpsListener, type OpsListenerOptions } from '../http/ops-listener.ts';
import { asyncApiDocument } from '../products/asyncapi.ts';
import type { ProductDefinition } from '../products/definition.ts';
import { productJsonSchema } from '../products/event.ts';
import type { ServiceContext } from './context.ts';
import type { QueueMeasure } from './queue-depths.ts';
import type { SpoolService } from './spool-service.ts';

export type OpsListenerSetup = ServiceContext &
  Pick<OpsListenerOptions, 'health'> & {
    readonly definitions: readonly ProductDefinition[];
    readonly spool: SpoolService;
    readonly queues: QueueMeasure;
    readonly console: FastifyPluginAsync;
  };

/** The share of SHUTDOWN_TIMEOUT_MS that operators' connections may take to end, after those of the public listener. */
const OPERATORS_SHARE = 1 / 8;

/** Version of the interfaces that the documents describe. */
const INTERFACE_VERSION = '1.0.0';

/** The interfaces of the service as JSON and as pages. */
const interfacesOf = (definitions: readonly ProductDefinition[]) => {
  const products = definitions.map(({ product }) => product);
  const openApi = openApiDocument({ products, version: INTERFACE_VERSION });
  const asyncApi = asyncApiDocument({ definitions, version: INTERFACE_VERSION });
  return {
    documents: { '/openapi.json': openApi, '/asyncapi.json': asyncApi },
    reference: referenceRoutes({ openApi, asyncApi }),
    schemas: new Map(definitions.map((definition) => [definition.product, productJsonSchema(definition)])),
  };
};

/** Builds the operators' listener; metrics that are gauges are measured when they are read. */
export const openOpsListener = (setup: OpsListenerSetup): FastifyInstance => {
  const { settings, metrics, definitions, health, spool, queues, onBug } = setup;
  return buildOpsListener({
    health,
    metrics: async () => {
      spool.measure();
      await queues.measure();
      return { contentType: metrics.registry.contentType, body: await metrics.registry.metrics() };
    },
    ...interfacesOf(definitions),
    console: setup.console,
    cutAfterMs: settings.SHUTDOWN_TIMEOUT_MS * OPERATORS_SHARE,
    onBug,
  });
};
