import type { Secret } from '../core/secret.ts';
import type { CallbackKeys } from '../verify/verify.ts';
import type { MerchantSettings } from './environment.ts';

const present = <Value>(...values: (Value | null)[]): Value[] => values.filter((value) => value !== null);

/** The keys that a merchant's callbacks are verified with: the current and the previous one of each scheme. */
export const keysOf = (settings: MerchantSettings): CallbackKeys => ({
  appId: settings.PAYCOOLS_APP_ID === '' ? null : settings.PAYCOOLS_APP_ID,
  secrets: present(settings.PAYCOOLS_CALLBACK_SECRET, settings.PAYCOOLS_CALLBACK_SECRET_PREVIOUS),
  publicKeys: present(settings.PAYCOOLS_CALLBACK_PUBLIC_KEY, settings.PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS),
});

type ApiVariables = Pick<
  MerchantSettings,
  'PAYCOOLS_BASE_URL' | 'PAYCOOLS_APP_ID' | 'PAYCOOLS_APP_NAME' | 'PAYCOOLS_PRIVATE_KEY' | 'PAYCOOLS_TIME_ZONE'
>;

/** What the API client needs to call PayCools for a merchant. */
export type ApiSettings = {
  readonly baseUrl: string;
  readonly appId: string;
  readonly appName?: string;
  readonly privateKey: Secret;
  readonly timeZone: string;
};

/** What the API client needs to call PayCools for a merchant; null if it has no private key. */
export const apiSettingsOf = (settings: ApiVariables): ApiSettings | null =>
  settings.PAYCOOLS_PRIVATE_KEY === null
    ? null
    : {
        baseUrl: settings.PAYCOOLS_BASE_URL,
        appId: settings.PAYCOOLS_APP_ID,
        ...(settings.PAYCOOLS_APP_NAME === '' ? {} : { appName: settings.PAYCOOLS_APP_NAME }),
        privateKey: settings.PAYCOOLS_PRIVATE_KEY,
        timeZone: settings.PAYCOOLS_TIME_ZONE,
      };
