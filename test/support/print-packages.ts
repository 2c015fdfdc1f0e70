// Loaded with --import: prints every OpenTelemetry package that the process loads.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    const [name] = /(@opentelemetry\/[\w-]+|bullmq-otel)/.exec(url) ?? [];
    if (name !== undefined) process.stderr.write(`loaded ${name}\n`);
    return nextLoad(url, context);
  },
});
