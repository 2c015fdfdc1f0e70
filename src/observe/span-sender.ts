import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

export type SpanSenderOptions = {
  /** Address of the collector, without a trailing slash. */
  readonly endpoint: string;
  /** Called when sending begins to fail, not for every attempt. */
  readonly onDown: (error: unknown) => void;
  /** Called when sending works again. */
  readonly onUp: () => void;
};

/** Sends spans to a collector: OTLP over HTTP, protobuf. Spans that cannot be sent are dropped. */
export class SpanSender implements SpanExporter {
  readonly #options: SpanSenderOptions;
  readonly #exporter: OTLPTraceExporter;
  #isDown = false;

  constructor(options: SpanSenderOptions) {
    this.#options = options;
    this.#exporter = new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces` });
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#reportChange(result);
      done(result);
    });
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  #reportChange({ code, error }: ExportResult): void {
    const isDown = code !== ExportResultCode.SUCCESS;
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    if (isDown) this.#options.onDown(error);
    else this.#options.onUp();
  }
}
