import { merchantVariables, type ValuesOf } from './environment.ts';

const { PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID, PAYCOOLS_APP_NAME, PAYCOOLS_PRIVATE_KEY, PAYCOOLS_TIME_ZONE } =
  merchantVariables;

/** What asking PayCools back needs. The command line reads it without the rest; see docs/client.md. */
export const clientVariables = {
  PAYCOOLS_BASE_URL,
  PAYCOOLS_APP_ID,
  PAYCOOLS_APP_NAME,
  PAYCOOLS_PRIVATE_KEY,
  PAYCOOLS_TIME_ZONE,
};

export type ClientSettings = ValuesOf<typeof clientVariables>;
