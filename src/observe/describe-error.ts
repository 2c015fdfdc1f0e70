/** Properties of an error that may be logged with its message: words and numbers of our own, of the system or of Redis. */
const SHOWN = ['code', 'syscall', 'address', 'port', 'call', 'outcome', 'reason', 'problem', 'httpStatus'] as const;

/** Deeper than our errors are nested, and a bound for cycles. */
const MAX_DEPTH = 4;

/** An error as the log shows it. */
export type DescribedError = {
  readonly type: string;
  readonly message: string;
  /** Where it was created, without the message, which may be long and is shown already. */
  readonly stack: string;
  readonly cause?: DescribedError;
  readonly errors?: readonly DescribedError[];
} & { readonly [Name in (typeof SHOWN)[number]]?: string | number };

/** Redis repeats the arguments of an unknown command, and a parser the text that it could not read. */
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
 * Describes an error by an allow-list. Nothing else of it is logged: an error from Redis carries the command with all its
 * arguments, which may be events with personal data, or the password.
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
