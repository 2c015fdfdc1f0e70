/** What of an error may be written beside its message: words and numbers of ours, of the system or of Redis. */
const SHOWN = ['code', 'syscall', 'address', 'port', 'call', 'outcome', 'reason', 'problem', 'httpStatus'] as const;

/** Deeper than errors are nested here; a cycle ends too. */
const MAX_DEPTH = 4;

/** An error as the log shows it. */
export type DescribedError = {
  readonly type: string;
  readonly message: string;
  /** Where it was made, without the message, which may be long and is shown already. */
  readonly stack: string;
  readonly cause?: DescribedError;
  readonly errors?: readonly DescribedError[];
} & { readonly [Name in (typeof SHOWN)[number]]?: string | number };

/** Redis repeats the arguments of a command that it does not know, and a parser the text that it could not read. */
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

/** The lines after the message: one of the message itself could look like a frame. */
const framesOf = ({ stack = '', message }: Error): string => {
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
};

/**
 * Describes an error by an allow-list. Whatever else hangs on it stays unwritten: an error of Redis carries the command
 * with all its arguments, which are events, personal data included, or the password.
 */
export const describeError = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error)) return { type: typeof error, message: 'was thrown and is no error', stack: '' };
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
