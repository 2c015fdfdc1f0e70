import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';

/** Words that the glossary of src/core/event.ts replaces by others. The prose check has more. */
const replaced: Readonly<Record<string, string>> = {
  about: 'subject',
  arrive: 'receive',
  away: 'unavailable',
  came: 'received',
  keep: 'store, or spool',
  question: 'payment verification',
  verifier: 'PaymentApprover',
};

/** Words with one meaning, and the names that have it. */
const allowedNames: Readonly<Record<string, RegExp>> = {
  /** A worker answers a payment verification; PayCools gets a reply. */
  answer: /^(VerificationAnswer|verificationAnswerSchema|answerPaymentVerification)$/,
  /** PayCools confirms. An event that is on its queue is marked as delivered. */
  confirm: /^(parse)?ConfirmRule$/,
};

const EXPORT = /^export (?:declare )?(?:async )?(?:abstract )?(?:const|function|class|type|interface) (\w+)/gm;

const names = readSources('src')
  .filter(({ room }) => room === 'core' || room === 'receive')
  .flatMap(({ path, text }) => [...text.matchAll(EXPORT)].map(([, name = '']) => ({ name, path })));

/** `isOpenFor` → is, open, for. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _]/);

const complaints = ({ name, path }: { readonly name: string; readonly path: string }): string[] =>
  wordsOf(name).flatMap((word) => {
    if (Object.hasOwn(replaced, word)) return [`${path}: ${name} has "${word}": write ${replaced[word]}`];
    return allowedNames[word]?.test(name) === false
      ? [`${path}: ${name} has "${word}", which means something else`]
      : [];
  });

describe('the exported names of core and receive', () => {
  it('use the words of the glossary', () => {
    expect(names.length).toBeGreaterThan(150);
    expect(names.flatMap(complaints)).toEqual([]);
  });

  it.each(['keepEvent', 'Verifier', 'HttpAnswer', 'cameIn', 'ABOUT_MS'])('cannot be %s', (name) => {
    expect(complaints({ name, path: 'src/core/event.ts' })).toHaveLength(1);
  });
});
