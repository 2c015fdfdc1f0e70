import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';
import { startCollector } from './collector.ts';
import { openNamespace } from './namespace.ts';
import { run } from './process.ts';
import { serviceEnv, untilReady } from './service.ts';

/** Starts the service as a process of its own. `stop` ends it and returns its exit code. */
export const startProcess = async (more: Record<string, string>, nodeArgs: readonly string[] = []) => {
  const namespace = openNamespace();
  const env = { ...serviceEnv(namespace), ...more };
  const service = run({ command: process.execPath, args: [...nodeArgs, 'src/main.ts'], env });
  const { publicUrl = '', opsUrl = '' } = JSON.parse(await service.line(/"msg":"listening"/)) as Record<string, string>;
  await untilReady(opsUrl);
  const stop = (): Promise<number | string> => {
    service.child.kill('SIGTERM');
    return service.ended;
  };
  return { ...service, namespace, publicUrl, stop };
};

/** Starts it with a collector. */
export const startTraced = async (more: Record<string, string> = {}) => {
  const collector = await startCollector();
  const service = await startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...more });
  const spanNamed = (name: string) => collector.spans().find((span) => span.name === name);
  return { ...service, collector, spanNamed };
};

/** The OpenTelemetry SDK of a merchant's application, which keeps what it would send. */
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
