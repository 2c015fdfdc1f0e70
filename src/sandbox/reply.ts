import { type RefusalCode, refusals } from './refusals.ts';

export type Reply = {
  /** Null for success, whose code depends on the call. */
  readonly code: RefusalCode | null;
  readonly message: string;
  readonly data: unknown;
  /** Runs once the reply has been sent. */
  readonly after?: () => void;
  /** Whether the connection is closed without a reply. */
  readonly isLost?: boolean;
};

export const succeed = (data: unknown, after?: () => void): Reply => ({
  code: null,
  message: 'success',
  data,
  ...(after === undefined ? {} : { after }),
});

export const refuse = (code: RefusalCode, detail?: string): Reply => {
  const { message } = refusals[code];
  return { code, message: detail === undefined ? message : `${message}: ${detail}`, data: null };
};
