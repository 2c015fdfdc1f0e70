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

/** Writes a file that only its owner can read. One that exists may hold the key in use: it is left alone. */
const writeNew = (path: string, text: string): void => {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CommandError(`--out ${path} cannot be written: ${(error as Error).message}`);
  }
};

/** `paycools keys generate`: the merchant's key pair, and what to paste where. */
export const addKeys = (program: Command, io: Io): void => {
  program
    .command('keys')
    .description('keys of the merchant')
    .command('generate')
    .description('make the RSA key pair that signs your calls, and say what to paste where')
    .option('--bits <n>', 'size of the key: 2048, 3072 or 4096', '2048')
    .option('--out <file>', 'write the private key to this file, which must not exist, and print the public one alone')
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
        io.err(`${out} has the private key: its path is for PAYCOOLS_PRIVATE_KEY_FILE. For the back office:\n\n`);
        io.out(`${publicKeyBase64}\n`);
        return;
      }
      io.err('1. Keep this one secret: put it into a file, and its path into PAYCOOLS_PRIVATE_KEY_FILE.\n\n');
      io.out(privateKey.reveal());
      io.err('\n2. Paste this one into the PayCools back office, as the public key of your application:\n\n');
      io.out(`${publicKeyBase64}\n`);
      io.err('\n3. Run `paycools doctor`: it makes a signed call, and says whether PayCools knows the key.\n');
    });
};
