import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { generateMerchantKeyPair } from '../../client/index.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';

const SIZES = [2048, 3072, 4096] as const;

const sizeOf = (text: string): (typeof SIZES)[number] => {
  const size = SIZES.find((it) => String(it) === text);
  if (size === undefined) throw new UsageError(`--bits must be one of ${SIZES.join(', ')}`);
  return size;
};

/** Creates a file that only its owner can read. An existing file may contain the key in use, so it is never overwritten. */
const writeNew = (path: string, text: string): void => {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CommandError(`--out ${path} cannot be written: ${(error as Error).message}`);
  }
};

/** `paycools keys generate`: generates the merchant's key pair and says where each key goes. */
export const addKeys = (program: Command, io: Io): void => {
  program
    .command('keys')
    .description('keys that sign your calls to PayCools')
    .command('generate')
    .description('generate an RSA key pair, and say where each key goes')
    .option('--bits <n>', 'key size: 2048, 3072 or 4096', '2048')
    .option('--out <file>', 'write the private key to this new file, and print only the public key')
    .option('--json', 'print { privateKey, publicKey, publicKeyBase64 }')
    .addHelpText('after', '\nExamples:\n  paycools keys generate\n  paycools keys generate --out private-key.pem')
    .action(async ({ bits, json, out }: { bits: string; json?: boolean; out?: string }) => {
      const { privateKey, publicKey, publicKeyBase64 } = await generateMerchantKeyPair(sizeOf(bits));
      if (json === true) {
        io.out(asJson({ privateKey: privateKey.reveal(), publicKey, publicKeyBase64 }));
        return;
      }
      if (out !== undefined) {
        writeNew(out, privateKey.reveal());
        io.err(`The private key is in ${out}: set PAYCOOLS_PRIVATE_KEY_FILE to its path. For the back office:\n\n`);
        io.out(`${publicKeyBase64}\n`);
        return;
      }
      io.err('1. Keep this key secret: save it to a file, and set PAYCOOLS_PRIVATE_KEY_FILE to its path.\n\n');
      io.out(privateKey.reveal());
      io.err('\n2. Paste this key into the PayCools back office as the public key of your application:\n\n');
      io.out(`${publicKeyBase64}\n`);
      io.err('\n3. Run `paycools doctor`, which makes a signed call to check that PayCools knows the key.\n');
    });
};
