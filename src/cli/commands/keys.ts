import type { Command } from 'commander';
import { generateMerchantKeyPair } from '../../client/index.ts';
import { asJson, type Io, UsageError } from '../io.ts';

const SIZES = [2048, 3072, 4096] as const;

const sizeOf = (text: string): (typeof SIZES)[number] => {
  const size = SIZES.find((it) => String(it) === text);
  if (size === undefined) throw new UsageError(`--bits must be one of ${SIZES.join(', ')}`);
  return size;
};

/** `paycools keys generate`: the merchant's key pair, and what to paste where. */
export const addKeys = (program: Command, io: Io): void => {
  program
    .command('keys')
    .description('keys of the merchant')
    .command('generate')
    .description('make the RSA key pair that signs your calls, and say what to paste where')
    .option('--bits <n>', 'size of the key: 2048, 3072 or 4096', '2048')
    .option('--json', 'print { privateKey, publicKey, publicKeyBase64 }')
    .addHelpText(
      'after',
      '\nExamples:\n  paycools keys generate\n  paycools keys generate --json > keys.json && chmod 600 keys.json',
    )
    .action(async ({ bits, json }: { bits: string; json?: boolean }) => {
      const { privateKey, publicKey, publicKeyBase64 } = await generateMerchantKeyPair(sizeOf(bits));
      if (json === true) {
        io.out(asJson({ privateKey: privateKey.reveal(), publicKey, publicKeyBase64 }));
        return;
      }
      io.err('1. Keep this one secret: put it into a file, and its path into PAYCOOLS_PRIVATE_KEY_FILE.\n\n');
      io.out(privateKey.reveal());
      io.err('\n2. Paste this one into the PayCools back office, as the public key of your application:\n\n');
      io.out(`${publicKeyBase64}\n`);
      io.err('\n3. Run `paycools doctor`: it makes a signed call, and says whether PayCools knows the key.\n');
    });
};
