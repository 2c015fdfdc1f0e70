/** A span as received (opentelemetry/proto/trace/v1/trace.proto). */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root span. */
  readonly parentId: string;
  readonly name: string;
  /** 2 server, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly { readonly traceId: string; readonly state: string }[];
  readonly events: number;
  /** 2 is error. */
  readonly status: number;
};

/** The values of a protobuf message by field number: a number, or the bytes of a text or of a message. */
type Fields = ReadonlyMap<number, readonly (number | Buffer)[]>;

const readVarint = (bytes: Buffer, start: number): [value: number, end: number] => {
  let value = 0;
  let scale = 1;
  let at = start;
  for (; (bytes[at] ?? 0) >= 128; at += 1) {
    value += ((bytes[at] ?? 0) - 128) * scale;
    scale *= 128;
  }
  return [value + (bytes[at] ?? 0) * scale, at + 1];
};

const readValue = (bytes: Buffer, at: number, wire: number): [value: number | Buffer, end: number] => {
  if (wire === 0) return readVarint(bytes, at);
  if (wire === 1) return [bytes.subarray(at, at + 8), at + 8];
  if (wire === 5) return [bytes.subarray(at, at + 4), at + 4];
  if (wire !== 2) throw new Error(`wire type ${wire}`);
  const [length, start] = readVarint(bytes, at);
  return [bytes.subarray(start, start + length), start + length];
};

const readMessage = (bytes: Buffer): Fields => {
  const fields = new Map<number, (number | Buffer)[]>();
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = readVarint(bytes, at);
    const [value, end] = readValue(bytes, start, tag % 8);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
    at = end;
  }
  return fields;
};

const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((value) => readMessage(value as Buffer));

const bytesOf = (fields: Fields, number: number): Buffer =>
  (fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);

const text = (fields: Fields, number: number): string => bytesOf(fields, number).toString();
const hex = (fields: Fields, number: number): string => bytesOf(fields, number).toString('hex');
const integer = (fields: Fields, number: number): number => Number(fields.get(number)?.[0] ?? 0);

const attributesOf = (fields: Fields, number: number): Record<string, string | number> =>
  Object.fromEntries(
    messages(fields, number).map((pair) => {
      const [value = new Map()] = messages(pair, 2);
      return [text(pair, 1), value.has(1) ? text(value, 1) : integer(value, 3)];
    }),
  );

const readSpan = (span: Fields): ReceivedSpan => ({
  traceId: hex(span, 1),
  spanId: hex(span, 2),
  parentId: hex(span, 4),
  name: text(span, 5),
  kind: integer(span, 6),
  attributes: attributesOf(span, 9),
  links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), state: text(link, 3) })),
  events: messages(span, 11).length,
  status: messages(span, 15).map((status) => integer(status, 3))[0] ?? 0,
});

/** Every span of an ExportTraceServiceRequest. */
export const decodeSpans = (body: Buffer): ReceivedSpan[] =>
  messages(readMessage(body), 1)
    .flatMap((resourceSpans) => messages(resourceSpans, 2))
    .flatMap((scopeSpans) => messages(scopeSpans, 2))
    .map(readSpan);
