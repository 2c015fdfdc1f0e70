import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';
import { startCollector } from './collector.ts';
import { startServiceProcess } from './service-process.ts';

/** Starts the service and a collector that it sends its traces to. */
export const startTraced = async (env: Record<string, string> = {}) => {
  const collector = await startCollector();
  const service = await startServiceProcess({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env } });
  const spanNamed = (name: string) => collector.spans().find((span) => span.name === name);
  return { ...service, collector, spanNamed };
};

/** Sets up the OpenTelemetry SDK of a merchant's application. Returns the exporter that collects its spans. */
export const startSdk = (): InMemorySpanExporter => {
  const memory = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: memory })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  onTestFinished(async () => {
    await provider.shutdown();
    for (const api of [trace, propagation, context]) api.disable();
  });
  return memory;
};
