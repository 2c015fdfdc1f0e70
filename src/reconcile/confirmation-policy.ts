import { HOUR_MS } from '../core/time.ts';
import type { Provider } from './ports.ts';

/** How long an event may wait for PayCools's answer, in milliseconds. */
export const CONFIRMATION_TIMEOUT_MS = 60_000;

/** When PayCools is asked again about an event that was delivered unconfirmed, in milliseconds. */
export const RECHECK_DELAY_MS = HOUR_MS;

/** PayCools's side where the configuration does not say how to call it: there is no answer. */
export const NO_PROVIDER: Pick<Provider, 'ask'> = { ask: async () => ({ kind: 'unanswered' }) };
