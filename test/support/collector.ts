import { buffer } from 'node:stream/consumers';
import { serveHttp } from './listen.ts';
import { decodeSpans, type ReceivedSpan } from './otlp.ts';

export type Collector = {
  /** The value of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** The bodies of the requests as received. */
  readonly bodies: readonly Buffer[];
  readonly spans: () => ReceivedSpan[];
};

/** An OpenTelemetry collector that keeps the traces it gets by OTLP over HTTP with protobuf. */
export const startCollector = async (): Promise<Collector> => {
  const bodies: Buffer[] = [];
  const { url } = await serveHttp(async (request, response) => {
    const body = await buffer(request);
    const isTraces = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
    if (isTraces) bodies.push(body);
    response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
  });
  return { endpoint: url, bodies, spans: () => bodies.flatMap(decodeSpans) };
};
