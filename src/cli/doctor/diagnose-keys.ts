import type { MerchantSettings } from '../../config/environment.ts';
import { keysOf } from '../../config/merchant-settings.ts';
import { publicKeyFingerprint, secretFingerprint } from '../../verify/keys.ts';
import { type Finding, findingsOf } from './finding.ts';

export type ConfiguredMerchant = {
  /** Prefix of every sentence about it; empty if there is only one merchant. */
  readonly label: string;
  readonly settings: MerchantSettings;
};

const diagnoseRotation = ({ label, settings }: ConfiguredMerchant): Finding[] => {
  const pairs = ['PAYCOOLS_CALLBACK_SECRET', 'PAYCOOLS_CALLBACK_PUBLIC_KEY'] as const;
  const unfinished = pairs.filter((name) => settings[`${name}_PREVIOUS`] !== null);
  const { advice } = findingsOf('keys', label);
  return unfinished.map((name) =>
    advice(`a rotation is unfinished: once PayCools signs only with ${name}, remove ${name}_PREVIOUS.`),
  );
};

/** PayCools signs the envelopes of all merchants with one key, and not every envelope names its addressee. */
const diagnoseEnvelopes = ({ label, settings }: ConfiguredMerchant): Finding[] => {
  const { advice } = findingsOf('keys', label);
  if (settings.PAYCOOLS_CALLBACK_PUBLIC_KEY === null) {
    return [
      advice('no PayCools public key is set: enveloped callbacks are refused; ask PayCools whether it sends you any.'),
    ];
  }
  if (settings.PAYCOOLS_APP_ID === '') {
    return [
      advice(
        'set PAYCOOLS_APP_ID: without it, an envelope that PayCools signed for another merchant is accepted here.',
      ),
    ];
  }
  return settings.CONFIRM.kind !== 'off'
    ? []
    : [
        advice(
          'set CONFIRM, so that PayCools is asked: an envelope that names no appId may have been signed for another merchant.',
        ),
      ];
};

/** Checks the keys that a merchant's callbacks are verified with. */
export const diagnoseKeys = (merchant: ConfiguredMerchant): Finding[] => {
  const { secrets, publicKeys } = keysOf(merchant.settings);
  const { ok, problem } = findingsOf('keys', merchant.label);
  const fingerprints = [...secrets.map(secretFingerprint), ...publicKeys.map(publicKeyFingerprint)];
  const isPadded = secrets.some((it) => it.reveal() !== it.reveal().trim());
  return [
    ok(`in use: ${fingerprints.join(', ')}`),
    ...(isPadded ? [problem('a callback secret begins or ends with blanks: remove them.')] : []),
    ...diagnoseRotation(merchant),
    ...diagnoseEnvelopes(merchant),
  ];
};
