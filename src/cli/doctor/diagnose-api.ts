import {
  createPaycoolsClient,
  PaycoolsApiError,
  PaycoolsNetworkError,
  PaycoolsResponseError,
  PaycoolsTimeoutError,
} from '../../client/index.ts';
import { apiSettingsOf } from '../../config/merchant-settings.ts';
import { explainConnection } from '../explain-connection.ts';
import type { ConfiguredMerchant } from './diagnose-keys.ts';
import { type Finding, findingsOf } from './finding.ts';

const TIMEOUT_MS = 4000;
/** PayCools accepts a request for only two minutes after its timestamp. */
const MAX_SKEW_MS = 30_000;

/** What to do about refusals that a wrong configuration causes. docs/paycools.md 11. */
const REFUSALS: ReadonlyMap<number | string, string> = new Map([
  [1001, 'PayCools does not know this PAYCOOLS_APP_ID (1001): copy it from the back office.'],
  [1002, "PayCools refuses this machine's address (1002): add its public address to the IP list of the back office."],
  [
    1003,
    'PayCools refuses the signature (1003): paste the public key that belongs to PAYCOOLS_PRIVATE_KEY into the back office.',
  ],
  [1504, 'PAYCOOLS_APP_ID does not belong to this key (1504): copy it from the back office.'],
]);

const explain = (error: unknown, baseUrl: string): string => {
  if (error instanceof PaycoolsApiError) {
    return REFUSALS.get(error.code) ?? `${error.message}: ask PayCools why.`;
  }
  if (error instanceof PaycoolsNetworkError) return explainConnection(baseUrl, error.reason);
  if (error instanceof PaycoolsTimeoutError) return explainConnection(baseUrl, 'ETIMEDOUT');
  if (error instanceof PaycoolsResponseError) {
    return `${baseUrl} answers (HTTP ${error.httpStatus}), but not like PayCools: check PAYCOOLS_BASE_URL.`;
  }
  return error instanceof Error ? error.message : String(error);
};

const diagnoseClock = (label: string, date: string | null, now: number): Finding[] => {
  const { problem } = findingsOf('clock', label);
  const skew = Math.abs(now - Date.parse(date ?? ''));
  if (!(skew > MAX_SKEW_MS)) return [];
  const seconds = Math.round(skew / 1000);
  return [
    problem(`differs from the clock of PayCools by ${seconds} s: synchronize this machine with NTP, or calls expire.`),
  ];
};

/** Checks that PayCools accepts a signed call by this merchant, and that its clock agrees with ours. */
export const diagnoseApi = async ({ label, settings }: ConfiguredMerchant, now: () => number): Promise<Finding[]> => {
  const { ok, advice, problem } = findingsOf('paycools', label);
  const api = apiSettingsOf(settings);
  if (api === null || api.baseUrl === '') {
    return [advice('calls to PayCools are not configured: nothing can be confirmed or reconciled.')];
  }
  let date: string | null = null;
  const recordingFetch: typeof fetch = async (...given) => {
    const response = await fetch(...given);
    date = response.headers.get('date');
    return response;
  };
  const client = createPaycoolsClient({ ...api, fetch: recordingFetch, retry: false, timeoutMs: TIMEOUT_MS });
  try {
    await client.account.balance();
    return [ok(`${api.baseUrl} accepts a signed call of ${api.appId}`), ...diagnoseClock(label, date, now())];
  } catch (error) {
    return [problem(explain(error, api.baseUrl)), ...diagnoseClock(label, date, now())];
  }
};
