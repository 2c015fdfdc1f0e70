import { styleText } from 'node:util';
import { wallClock } from '../core/time.ts';
import type { Io } from './io.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Styles a text if results go to a terminal that shows colours. */
export const paint = ({ screen }: Io, style: Style | undefined, text: string): string =>
  screen?.hasColor === true && style !== undefined ? styleText(style, text, { validateStream: false }) : text;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}/u;

const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
const cellsOf = (character: string): number => (WIDE.test(character) ? 2 : 1);

/** Number of terminal cells that a text takes. */
export const widthOf = (text: string): number =>
  charactersOf(text).reduce((width, character) => width + cellsOf(character), 0);

/** Pads a text to exactly `width` cells, or truncates it with an ellipsis. */
export const fitTo = (text: string, width: number): string => {
  const textWidth = widthOf(text);
  if (textWidth <= width) return text + ' '.repeat(width - textWidth);
  let [kept, used] = ['', 0];
  for (const character of charactersOf(text)) {
    if (used + cellsOf(character) > width - 1) break;
    kept += character;
    used += cellsOf(character);
  }
  return `${kept}…${' '.repeat(Math.max(0, width - 1 - used))}`;
};

/** Formats a time in milliseconds since 1970: local with its offset on a terminal, ISO 8601 in UTC for programs. */
export const formatTime = ({ screen }: Io, time: number): string => {
  if (screen === null) return new Date(time).toISOString();
  const { text, offset } = wallClock(screen.timeZone, time);
  return `${text} ${offset}`;
};

/** `1 row`, `2 rows`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
