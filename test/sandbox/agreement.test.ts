import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeField } from '../../src/client/endpoints/reply-fields.ts';
import { endpoints } from '../../src/client/index.ts';
import { prepareRequest } from '../../src/client/request.ts';
import { readSettings } from '../../src/client/settings.ts';
import { CallbackSender } from '../../src/sandbox/callback-sender.ts';
import { seededChance } from '../../src/sandbox/chance.ts';
import { readRequest } from '../../src/sandbox/read-request.ts';
import { readSandboxOptions } from '../../src/sandbox/settings.ts';
import { timeText, World } from '../../src/sandbox/world.ts';

// The sandbox shares no code with the client for requests and times, so a mistake of one of them shows as a difference.

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = { private: { format: 'pem', type: 'pkcs8' }, public: { format: 'pem', type: 'spki' } } as const;

const client = readSettings({
  baseUrl: 'https://api-uat.paycools.com',
  appId: 'app & co=1',
  privateKey: pair.privateKey.export(pem.private).toString(),
});
const sandbox = readSandboxOptions({
  appId: 'app & co=1',
  publicKey: pair.publicKey.export(pem.public).toString(),
  callbackSecret: 'secret',
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const name = fc
  .string({ unit: 'binary-ascii', minLength: 1, maxLength: 8 })
  .filter((key) => !['appId', 'sign', 'timestamp', '__proto__'].includes(key));

it.each([
  ['flat', 'POST'],
  ['flat', 'GET'],
  ['envelope', 'POST'],
] as const)('reads every signed %s %s as the client wrote it', (style, http) => {
  const endpoint = { ...endpoints.ekyc.init, style, http };
  const parameters = fc.dictionary(name, text, { maxKeys: 6, noNullPrototype: true });
  fc.assert(
    fc.property(parameters, (given) => {
      const { url, body } = prepareRequest({ call: 'ekyc.init', endpoint }, given, client);
      const incoming = { query: new URL(url).searchParams, body: body ?? '', path: {} };
      expect(readRequest(endpoint, incoming, sandbox)).toEqual({ ok: true, value: given });
    }),
    { numRuns: 60 },
  );
});

it.each(['Asia/Manila', 'UTC', 'Asia/Kathmandu'])(
  'writes every time in %s so that the client reads it back',
  (timeZone) => {
    const settings = { ...sandbox, timeZone };
    const chance = seededChance(1);
    const world = new World({ settings, chance, sender: new CallbackSender({ settings, chance }) });
    const seconds = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const written = timeText(world, second * 1000);
        expect(timeField(timeZone).parse(written)).toBe(new Date(second * 1000).toISOString());
      }),
      { numRuns: 200 },
    );
  },
);
