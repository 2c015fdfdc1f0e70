/** The result of a check. `advice` is not a mistake, but worth considering. */
export type Finding = {
  readonly level: 'ok' | 'advice' | 'problem';
  /** Name of the check. */
  readonly check: string;
  /** The result and, unless it is fine, what to do about it. */
  readonly sentence: string;
};

type Finder = (sentence: string) => Finding;

/** Creates findings of a check. `subject`, such as the name of a merchant, begins each sentence. */
export const findingsOf = (check: string, subject = ''): Readonly<Record<Finding['level'], Finder>> => {
  const as =
    (level: Finding['level']): Finder =>
    (sentence) => ({ level, check, sentence: `${subject}${sentence}` });
  return { ok: as('ok'), advice: as('advice'), problem: as('problem') };
};
