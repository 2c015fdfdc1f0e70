import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { MerchantSettings, ServiceSettings } from '../config/environment.ts';
import { loadSettings } from '../config/load.ts';
import { keysOf } from '../config/merchant-settings.ts';
import { accessOf } from '../console/access/access.ts';
import { publicKeyFingerprint, secretFingerprint } from '../verify/keys.ts';
import { diagnoseRedis } from './diagnose-redis.ts';
import type { Finding } from './finding.ts';
import type { Io } from './io.ts';

const MIN_SPOOL_BYTES = 64 * 1024 * 1024;
const REACH_TIMEOUT_MS = 5000;

const diagnoseKeys = (merchant: MerchantSettings | null, { env }: Io): Finding[] => {
  if (merchant === null) return [];
  const { secrets, publicKeys } = keysOf(merchant);
  const padded = secrets.filter((it) => it.reveal() !== it.reveal().trim());
  const prints = [...secrets.map(secretFingerprint), ...publicKeys.map(publicKeyFingerprint)];
  const findings: Finding[] = [{ level: 'ok', check: 'keys', sentence: `in force: ${prints.join(', ')}` }];
  if (padded.length > 0) {
    findings.push({
      level: 'problem',
      check: 'keys',
      sentence: 'a callback secret has blanks around it: remove them.',
    });
  }
  if (publicKeys.length === 0) {
    const sentence =
      'no PayCools public key is set: enveloped callbacks will be refused; ask PayCools whether you get any.';
    findings.push({ level: 'advice', check: 'keys', sentence });
  }
  if ((env['PAYCOOLS_CALLBACK_SECRET'] ?? '') !== '') {
    const sentence =
      'the callback secret is in the environment: a file (PAYCOOLS_CALLBACK_SECRET_FILE) leaks less easily.';
    findings.push({ level: 'advice', check: 'keys', sentence });
  }
  return findings;
};

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

const diagnoseSpool = ({ SPOOL_DIR: dir }: ServiceSettings): Finding => {
  const check = 'spool';
  if (dir === 'off')
    return { level: 'advice', check, sentence: 'is off: while Redis is unavailable, callbacks are answered 503.' };
  const folder = nearestFolder(resolve(dir));
  if (!statSync(folder).isDirectory()) {
    return { level: 'problem', check, sentence: `${folder} is not a folder: change SPOOL_DIR.` };
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return {
      level: 'problem',
      check,
      sentence: `${folder} cannot be written: let the service's user write there, or change SPOOL_DIR.`,
    };
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < MIN_SPOOL_BYTES) {
    return { level: 'problem', check, sentence: `the disk of ${folder} is almost full: free some space.` };
  }
  return { level: 'ok', check, sentence: `${dir} can be written` };
};

const diagnoseListeners = (settings: ServiceSettings): Finding[] => {
  const { PORT, OPS_PORT, OPS_HOST, HOST, ALLOWED_IPS, TRUST_PROXY } = settings;
  const check = 'listeners';
  const isSame = PORT === OPS_PORT && PORT !== 0 && (HOST === OPS_HOST || HOST === '0.0.0.0');
  if (isSame)
    return [{ level: 'problem', check, sentence: 'PORT and OPS_PORT are the same: give them different ones.' }];
  if (ALLOWED_IPS !== null && TRUST_PROXY === false) {
    const sentence =
      'ALLOWED_IPS is set and TRUST_PROXY is not: behind a proxy every callback seems to come from the proxy.';
    return [{ level: 'advice', check, sentence }];
  }
  return [{ level: 'ok', check, sentence: `callbacks on ${HOST}:${PORT}, operations on ${OPS_HOST}:${OPS_PORT}` }];
};

const diagnoseConsole = ({ OPS_HOST, OPS_TOKEN }: ServiceSettings): Finding => {
  const check = 'console';
  const { kind } = accessOf(OPS_HOST, OPS_TOKEN);
  if (kind === 'token') return { level: 'ok', check, sentence: 'opens with OPS_TOKEN' };
  if (kind === 'loopback') return { level: 'ok', check, sentence: 'is open on this machine' };
  return { level: 'advice', check, sentence: `is closed, because OPS_HOST is ${OPS_HOST}: set OPS_TOKEN to open it.` };
};

const diagnoseJournal = ({ JOURNAL_KEY: key }: ServiceSettings): Finding => {
  const check = 'journal';
  if (key !== null) return { level: 'ok', check, sentence: 'bodies are encrypted with JOURNAL_KEY' };
  const sentence = 'bodies, which hold personal data, are stored in plain text: set JOURNAL_KEY to encrypt them.';
  return { level: 'advice', check, sentence };
};

const reach = async (url: string): Promise<Finding> => {
  const check = 'paycools';
  try {
    await fetch(url, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS), redirect: 'manual' });
    return { level: 'ok', check, sentence: `${url} answers` };
  } catch {
    return {
      level: 'problem',
      check,
      sentence: `${url} does not answer: check PAYCOOLS_BASE_URL, the network, and the IP list of PayCools.`,
    };
  }
};

const diagnoseClient = async (merchant: MerchantSettings | null): Promise<Finding[]> => {
  if (merchant === null) return [];
  if (merchant.PAYCOOLS_BASE_URL !== '') return [await reach(merchant.PAYCOOLS_BASE_URL)];
  const sentence = 'calls to PayCools are not configured: nothing can be confirmed or reconciled.';
  return [{ level: 'advice', check: 'paycools', sentence }];
};

/** Checks everything that is often set up wrongly. */
export const diagnose = async (io: Io): Promise<Finding[]> => {
  const settings = loadSettings(io);
  if (!settings.ok) {
    return settings.error.map(({ name, problem }) => ({
      level: 'problem',
      check: 'configuration',
      sentence: `${name} ${problem}`,
    }));
  }
  const { service, merchant } = settings.value;
  return [
    { level: 'ok', check: 'configuration', sentence: 'can be used' },
    ...diagnoseKeys(merchant, io),
    ...(await diagnoseRedis(service, io.now)),
    diagnoseSpool(service),
    ...diagnoseListeners(service),
    diagnoseConsole(service),
    diagnoseJournal(service),
    ...(await diagnoseClient(merchant)),
  ];
};
