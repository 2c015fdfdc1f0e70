/** What a room may import. `npm run generate` writes the table to docs/architecture.md. */
export type Room = {
  /** Other rooms that may be imported; a room may always import itself. */
  readonly rooms: readonly string[];
  /** Packages and modules of Node.js that may be imported. */
  readonly packages: readonly string[];
  readonly because: string;
};

const everyRoom =
  'core wire verify products receive redis spool http observe config client reconcile operate console'.split(' ');

export const rooms: Readonly<Record<string, Room>> = {
  core: {
    rooms: [],
    packages: ['ipaddr.js', 'zod', 'node:crypto'],
    because: 'it is the vocabulary: it needs nothing but schemas, network addresses and a hash',
  },
  wire: { rooms: ['core'], packages: [], because: 'decoding is pure and knows nothing about the meaning of the bytes' },
  verify: {
    rooms: ['core', 'wire'],
    packages: ['node:crypto', 'node:util'],
    because: 'a proof must not depend on what the body is about',
  },
  products: {
    rooms: ['core', 'wire', 'verify'],
    packages: ['zod'],
    because: 'a family is a table entry: data and pure mapping',
  },
  receive: {
    rooms: ['core', 'wire', 'verify', 'products'],
    packages: [],
    because: 'the use case owns its ports and knows no adapter, framework or library',
  },
  redis: {
    rooms: ['core', 'receive', 'reconcile', 'operate'],
    packages: 'bullmq ioredis node:crypto node:events node:fs node:net node:timers/promises node:tls'.split(' '),
    because: 'it is an adapter behind the ports of receive, reconcile and operate',
  },
  spool: {
    rooms: ['core', 'receive'],
    packages: ['node:crypto', 'node:fs', 'node:path', 'node:sqlite'],
    because: 'it is an adapter behind the ports of receive',
  },
  http: {
    rooms: ['core', 'wire', 'receive'],
    packages: ['fastify', 'lru-cache', 'node:crypto', 'node:http', 'node:net'],
    because: 'it is an adapter: it turns requests into inbounds and outcomes into replies',
  },
  observe: {
    rooms: ['core', 'products', 'receive', 'http'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/core',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
      'bullmq',
      'bullmq-otel',
      'pino',
      'prom-client',
    ],
    because: 'it only watches what the use case and the listeners report',
  },
  operate: {
    rooms: ['core', 'products', 'receive', 'verify'],
    packages: [],
    because: 'it has the actions of operators, the same for the command line and the console; its ports are passed in',
  },
  config: {
    rooms: ['core', 'products', 'verify', 'receive', 'reconcile'],
    packages: ['zod', 'node:crypto', 'node:net'],
    because: 'it is loaded and checked before everything else, and creates the merchants of the use cases',
  },
  consumer: {
    rooms: ['core', 'products', 'redis'],
    packages: ['bullmq', 'zod', 'node:crypto'],
    because: 'it must load without fastify; of redis it uses the connection',
  },
  forward: {
    rooms: ['core', 'products', 'redis', 'consumer'],
    packages: ['node:crypto'],
    because: 'it is a worker like any other, which posts events to an HTTP endpoint',
  },
  client: {
    rooms: ['core', 'verify', 'wire'],
    packages: ['zod', 'node:crypto', 'node:timers/promises'],
    because: 'it must load without fastify, bullmq and ioredis',
  },
  reconcile: {
    rooms: ['core', 'products', 'receive', 'client'],
    packages: [],
    because: 'the use case owns its ports: Redis, clock and timers are passed in',
  },
  console: {
    rooms: ['core', 'http', 'receive', 'operate', 'reconcile', 'verify'],
    packages: ['fastify', 'node:crypto', 'node:fs', 'node:http', 'node:querystring', 'node:stream'],
    because: 'it shows what its ports return and asks operate to act: it knows no Redis, and decides nothing',
  },
  sandbox: {
    rooms: ['core', 'wire', 'verify', 'products', 'client'],
    packages: ['fastify', 'zod', 'node:crypto', 'node:net'],
    because: 'it stands in for PayCools: it shares tables with us, not the code that interprets them',
  },
  cli: {
    rooms: 'core config client sandbox products verify receive reconcile redis operate console forward service'.split(
      ' ',
    ),
    packages: [
      'bullmq',
      'commander',
      'ioredis',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:net',
      'node:path',
      'node:stream/consumers',
      'node:timers/promises',
      'node:util',
      'zod',
    ],
    because: 'it is thin: it parses arguments, calls a function of another folder and prints the result',
  },
  scripts: {
    rooms: [
      'core',
      'wire',
      'config',
      'observe',
      'products',
      'verify',
      'receive',
      'client',
      'consumer',
      'sandbox',
      'redis',
      'index',
    ],
    packages: [
      'bullmq',
      'ioredis',
      'node:child_process',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:net',
      'node:os',
      'node:path',
      'node:readline',
      'node:timers/promises',
      'node:url',
      'node:util',
      'marked',
      'oxc-parser',
      'test/architecture/rooms.ts',
      'zod',
    ],
    because: 'it starts the real processes, watches them from outside, and generates pages from the code',
  },
  service: {
    rooms: everyRoom,
    packages: [
      '@bull-board/api',
      '@bull-board/api/bullMQAdapter',
      '@bull-board/fastify',
      'bullmq',
      'fastify',
      'ioredis',
      'node:events',
      'node:fs',
      'node:net',
      'node:timers/promises',
    ],
    because: 'it only wires the other folders together',
  },
  main: {
    rooms: ['core', 'config', 'observe', 'service'],
    packages: ['close-with-grace', 'node:fs'],
    because: 'it only handles the process: environment, signals and exit code',
  },
  index: {
    rooms: ['core', 'verify', 'products', 'wire'],
    packages: [],
    because: 'the public entry must load nothing but zod',
  },
};

/** Rooms without I/O, clock, randomness, timers and environment. */
export const pureRooms = ['core', 'wire', 'verify', 'products', 'receive', 'config', 'reconcile', 'operate'];
