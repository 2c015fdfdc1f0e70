import type { ConfigSource } from '../config/load.ts';

/** The terminal on which a person reads results. */
export type Screen = {
  /** Its width. */
  readonly columns: number;
  readonly hasColor: boolean;
  /** IANA zone of the person. */
  readonly timeZone: string;
};

/** Everything outside of a command: where it reads and writes. Results go to `out`, everything else to `err`. */
export type Io = ConfigSource & {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The whole standard input. */
  readonly readInput: () => Promise<string>;
  /** What `out` is shown on; null where it is a file or a pipe. */
  readonly screen: Screen | null;
  /** Whether `err` is a terminal. */
  readonly isTerminal: boolean;
  /** Resolves when the user asks to stop (Ctrl-C). */
  readonly stopped: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** A command could not do what it was asked; exit code 1. Its message is all that the user sees; it may be empty. */
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

/** Reads a file, `-` being the standard input. */
export const readContent = async (io: Io, path: string): Promise<string> => {
  if (path === '-') return io.readInput();
  try {
    return io.readFile(path);
  } catch {
    throw new CommandError(`${path} cannot be read`);
  }
};

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
