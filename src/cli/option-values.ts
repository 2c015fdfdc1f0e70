import { UsageError } from './io.ts';
import { didYouMean } from './suggest.ts';

/**
 * Checks that the value of an option is a known word.
 *
 * @throws UsageError
 */
export const oneOf = <Word extends string>(option: string, word: string, known: readonly Word[]): Word => {
  const found = known.find((it) => it === word);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} must be one of ${known.join(', ')}${didYouMean(word, known)}`);
};

type Range = { readonly min: number; readonly max: number; readonly isInteger?: boolean };

/**
 * Parses the value of a numeric option.
 *
 * @throws UsageError
 */
export const numberIn = (option: string, text: string, { min, max, isInteger = false }: Range): number => {
  const value = Number(text);
  const isWritten = isInteger ? /^(?:0|[1-9]\d*)$/.test(text) : text.trim() !== '';
  const isAllowed = isWritten && value >= min && value <= max;
  if (isAllowed) return value;
  throw new UsageError(`--${option} must be ${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}`);
};
