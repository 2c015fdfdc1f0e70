/** Properties of an error that are logged with its message: words and numbers from our code, the system or Redis. */
const SHOWN = ['code', 'syscall', 'address', 'port', 'call', 'outcome', 'reason', 'problem', 'httpStatus'] as const;

/** Our errors are nested less deeply than this; it also bounds cycles. */
const MAX_DEPTH = 4;

/** An error as the log shows it. */
export type DescribedError = {
  readonly type: string;
  readonly message: string;
  /** The stack frames alone: the message, which may be long, is shown already. */
  readonly stack: string;
  readonly cause?: DescribedError;
  readonly errors?: readonly DescribedError[];
} & { readonly [Name in (typeof SHOWN)[number]]?: string | number };

/** The message without content: Redis repeats the arguments of an unknown command, a parser the text that it read. */
const messageOf = ({ name, message }: Error): string =>
  name === 'SyntaxError' ? 'a text could not be read' : message.replace(/,? with args beginning with:.*$/s, '');

const shownOf = (error: object): Record<string, string | number> => {
  const values: Record<string, unknown> = { ...error };
  return Object.fromEntries(
    SHOWN.map((name) => [name, values[name]]).filter(
      (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
};

/** The lines after the message, because a line of the message itself could look like a frame. */
const framesOf = ({ stack = '', message }: Error): string => {
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
};

/**
 * Describes an error by an allow-list; nothing else about it is logged. An error from Redis carries the command with
 * all its arguments, which may be events with personal data, or the password.
 */
export const describeError = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a non-Error value was thrown', stack: '' };
  const { cause } = error;
  const inner = depth < MAX_DEPTH && error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return {
    type: error.name,
    message: messageOf(error),
    ...shownOf(error),
    stack: framesOf(error),
    ...(cause instanceof Error && depth < MAX_DEPTH ? { cause: describeError(cause, depth + 1) } : {}),
    ...(inner.length > 0 ? { errors: inner.map((it) => describeError(it, depth + 1)) } : {}),
  };
};
