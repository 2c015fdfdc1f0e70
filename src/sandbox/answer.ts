import { type RefusalCode, refusals } from './refusals.ts';

/** What a call is answered with. */
export type Answer = {
  /** Null is the success code of the call's group. */
  readonly code: RefusalCode | null;
  readonly message: string;
  readonly data: unknown;
  /** What happens once the reply is out. */
  readonly after?: () => void;
  /** Whether the connection is closed in place of a reply. */
  readonly isLost?: boolean;
};

export const succeed = (data: unknown, after?: () => void): Answer => ({
  code: null,
  message: 'success',
  data,
  ...(after === undefined ? {} : { after }),
});

export const refuse = (code: RefusalCode, detail?: string): Answer => {
  const { message } = refusals[code];
  return { code, message: detail === undefined ? message : `${message}: ${detail}`, data: null };
};
