/** What one check found. `advice` is not a mistake, but worth considering. */
export type Finding = {
  readonly level: 'ok' | 'advice' | 'problem';
  /** What was checked: a word that stays the same. */
  readonly check: string;
  /** What was found and, unless it is in order, what to do. */
  readonly sentence: string;
};

type Finder = (sentence: string) => Finding;

/** Makers of the findings of one check; `subject` begins each sentence, such as the name of a merchant. */
export const findingsOf = (check: string, subject = ''): Readonly<Record<Finding['level'], Finder>> => {
  const as =
    (level: Finding['level']): Finder =>
    (sentence) => ({ level, check, sentence: `${subject}${sentence}` });
  return { ok: as('ok'), advice: as('advice'), problem: as('problem') };
};
