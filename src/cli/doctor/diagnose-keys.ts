import type { MerchantSettings } from '../../config/environment.ts';
import { keysOf } from '../../config/merchant-settings.ts';
import { publicKeyFingerprint, secretFingerprint } from '../../verify/keys.ts';
import { type Finding, findingsOf } from './finding.ts';

export type ConfiguredMerchant = {
  /** Begins every sentence about it; empty where there is only one. */
  readonly label: string;
  readonly settings: MerchantSettings;
};

const rotation = ({ label, settings }: ConfiguredMerchant): Finding[] => {
  const pairs = ['PAYCOOLS_CALLBACK_SECRET', 'PAYCOOLS_CALLBACK_PUBLIC_KEY'] as const;
  const open = pairs.filter((name) => settings[`${name}_PREVIOUS`] !== null);
  const { advice } = findingsOf('keys', label);
  return open.map((name) =>
    advice(`a rotation is half done: once PayCools signs with ${name} only, remove ${name}_PREVIOUS.`),
  );
};

/** Keys of envelopes: PayCools signs for all merchants with one key, and not every envelope names its addressee. */
const envelopes = ({ label, settings }: ConfiguredMerchant): Finding[] => {
  const { advice } = findingsOf('keys', label);
  if (settings.PAYCOOLS_CALLBACK_PUBLIC_KEY === null) {
    return [
      advice('no PayCools public key is set: enveloped callbacks are refused; ask PayCools whether you get any.'),
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
          'set CONFIRM: an envelope that names no appId may have been signed for another merchant; PayCools can be asked.',
        ),
      ];
};

/** The keys that callbacks of a merchant are verified with. */
export const diagnoseKeys = (merchant: ConfiguredMerchant): Finding[] => {
  const { secrets, publicKeys } = keysOf(merchant.settings);
  const { ok, problem } = findingsOf('keys', merchant.label);
  const prints = [...secrets.map(secretFingerprint), ...publicKeys.map(publicKeyFingerprint)];
  const isPadded = secrets.some((it) => it.reveal() !== it.reveal().trim());
  return [
    ok(`in force: ${prints.join(', ')}`),
    ...(isPadded ? [problem('a callback secret has blanks around it: remove them.')] : []),
    ...rotation(merchant),
    ...envelopes(merchant),
  ];
};
