import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { decodeSpans, type ReceivedSpan } from './otlp.ts';

export type Collector = {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  readonly endpoint: string;
  /** The requests as they came, to be searched for what must not be in them. */
  readonly bodies: readonly Buffer[];
  readonly spans: () => ReceivedSpan[];
};

const readAll = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray());

/** An OpenTelemetry collector as far as a test needs one: it takes OTLP over HTTP, protobuf, and keeps it. */
export const startCollector = async (): Promise<Collector> => {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    const isTraces = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
    if (isTraces) bodies.push(body);
    response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, bodies, spans: () => bodies.flatMap(decodeSpans) };
};
