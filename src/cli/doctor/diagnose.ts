import type { ServiceSettings } from '../../config/environment.ts';
import { type ConfigProblem, loadSettings, type Settings } from '../../config/load.ts';
import { MerchantDirectory } from '../../config/merchant-directory.ts';
import { apiSettingsOf } from '../../config/merchant-settings.ts';
import type { Io } from '../io.ts';
import { diagnoseApi } from './diagnose-api.ts';
import { type ConfiguredMerchant, diagnoseKeys } from './diagnose-keys.ts';
import { diagnoseConsole, diagnoseListeners } from './diagnose-listeners.ts';
import { diagnoseRedis } from './diagnose-redis.ts';
import { diagnoseSetAside, diagnoseSpool } from './diagnose-spool.ts';
import { type Finding, findingsOf } from './finding.ts';

const refused = (problems: readonly ConfigProblem[]): Finding[] => {
  const { problem } = findingsOf('configuration');
  return problems.map((it) => problem(`${it.name} ${it.problem}`));
};

const merchantsOf = (directory: MerchantDirectory): ConfiguredMerchant[] =>
  directory.names.flatMap((name) => {
    const settings = directory.settingsOf(name);
    const label = directory.names.length === 1 ? '' : `${name}: `;
    return settings === undefined ? [] : [{ label, settings }];
  });

const diagnoseJournal = ({ JOURNAL_KEY: key }: ServiceSettings): Finding => {
  const { ok, advice } = findingsOf('journal');
  return key !== null
    ? ok('bodies are encrypted with JOURNAL_KEY')
    : advice('bodies, which hold personal data, are stored in plain text: set JOURNAL_KEY to encrypt them.');
};

const diagnoseSchedule = (
  { RECONCILE_SCHEDULE: schedule }: ServiceSettings,
  merchants: readonly ConfiguredMerchant[],
): Finding[] => {
  const { ok, advice } = findingsOf('schedule');
  const callable = merchants.filter(({ settings }) => apiSettingsOf(settings) !== null);
  if (schedule !== '') return [ok(`reconciles at ${schedule}, ${callable.length} of ${merchants.length} merchants`)];
  return callable.length === 0 ? [] : [advice('nothing is reconciled automatically: set RECONCILE_SCHEDULE.')];
};

const diagnoseSecrets = ({ env }: Io): Finding[] => {
  if ((env['PAYCOOLS_CALLBACK_SECRET'] ?? '') === '') return [];
  const { advice } = findingsOf('keys');
  return [
    advice('the callback secret is in the environment: a file (PAYCOOLS_CALLBACK_SECRET_FILE) leaks less easily.'),
  ];
};

const diagnoseAll = async (settings: Settings, directory: MerchantDirectory, io: Io): Promise<Finding[]> => {
  const { service } = settings;
  const merchants = merchantsOf(directory);
  const [redis, listeners, setAside, ...apis] = await Promise.all([
    diagnoseRedis(service, io.now),
    diagnoseListeners(service),
    diagnoseSetAside(service),
    ...merchants.map((it) => diagnoseApi(it, io.now)),
  ]);
  return [
    findingsOf('configuration').ok('can be used'),
    ...merchants.flatMap(diagnoseKeys),
    ...diagnoseSecrets(io),
    ...redis,
    diagnoseSpool(service),
    ...setAside,
    ...listeners,
    diagnoseConsole(service),
    diagnoseJournal(service),
    ...apis.flat(),
    ...diagnoseSchedule(service, merchants),
  ];
};

/** Checks for common setup mistakes. */
export const diagnose = async (io: Io): Promise<Finding[]> => {
  const settings = loadSettings(io);
  if (!settings.ok) return refused(settings.error);
  const opened = MerchantDirectory.open({ settings: settings.value, readFile: io.readFile });
  if (!opened.ok) return refused(opened.error);
  using directory = opened.value;
  return await diagnoseAll(settings.value, directory, io);
};
