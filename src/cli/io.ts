import type { ConfigSource } from '../config/load.ts';

/** The terminal on which a person reads results. */
export type Screen = {
  /** Width in characters. */
  readonly columns: number;
  readonly hasColor: boolean;
  /** The user's IANA time zone. */
  readonly timeZone: string;
};

/** How a command reads and writes. Results go to `out`, everything else to `err`. */
export type Io = ConfigSource & {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** The terminal that shows `out`; null if `out` is a file or a pipe. */
  readonly screen: Screen | null;
  /** Whether `err` is a terminal. */
  readonly isTerminal: boolean;
  /** Resolves when the user asks to stop (Ctrl-C). */
  readonly stopped: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** A command failed; exit code 1. The user sees only the message, which may be empty. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** What `--json` prints in addition to the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.details = details;
  }
}

/** A command was called wrongly; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a file, or standard input if the path is `-`. */
export const readContent = async (io: Io, path: string): Promise<string> => {
  if (path === '-') return io.readInput();
  try {
    return io.readFile(path);
  } catch {
    throw new CommandError(`${path} cannot be read`);
  }
};

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
