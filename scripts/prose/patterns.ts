/** Where a pattern applies: everywhere in prose, in names as well, or in titles of tests alone. */
type Scope = 'prose' | 'prose and names' | 'titles';

/** A phrase that this project does not use, and what to write instead. */
export type Pattern = {
  /** A case-insensitive regular expression; a blank matches any white space, so phrases may span lines. */
  readonly phrase: string;
  readonly instead: string;
  readonly scope: Scope;
};

const prose = (phrase: string, instead: string): Pattern => ({ phrase, instead, scope: 'prose' });
const word = (phrase: string, instead: string): Pattern => ({ phrase, instead, scope: 'prose and names' });

/** Words that the glossary of src/core/event.ts replaced by others. */
const glossary: readonly Pattern[] = [
  word(String.raw`\bnews\b`, 'callback, update or event'),
  word(String.raw`\bquarantin(e[ds]?|ing)\b`, 'unrecognized'),
  word(
    String.raw`(?!^settled$)(?<!\ball )(?<!\bpromises? )\bsettle[ds]?\b|\bsettling\b`,
    'reconcile, store or answer; a promise resolves or rejects',
  ),
  word(String.raw`\b(mend(s|ed|ing)?|ma[dk]e[s]? good)\b`, 'fix, repair, deliver'),
  word(String.raw`\bhears?( [a-z]+)? of\b|\bheard of\b`, 'onX callback: called with …'),
  prose(
    String.raw`\b(is|are|was|were|be|been|goes|go|went|gone) away\b`,
    'is unavailable, is down; closes, disconnects',
  ),
  prose(String.raw`\bwhat (came|comes|arrived?s?) in\b`, 'what was received; callbacks'),
];

/** Constructions that English does not have, or that need a second reading. */
const constructions: readonly Pattern[] = [
  prose(String.raw`\bwhere (there (is|are)|nobody|none|it is not)\b`, 'if there is, unless, without'),
  prose(String.raw`\b(takes?|taken|took|taking) (it |them )?away\b`, 'removes'),
  prose(String.raw`\b(until|since) when\b`, 'when …; how long'),
  prose(String.raw`\bnobody knows\b`, 'unknown'),
  prose(
    String.raw`(?<!\bthere (must |can |should |will |may |would )?)\b(is|are|was|were|be) no (?!longer\b|more\b|less\b|later\b|other\b|\w+er than\b|\w+er\b (and|\())`,
    'is not a …; has no …',
  ),
  prose(String.raw`\bis none\b(?! of (your|our|the) )(?<!\bthere is none)`, 'is not one; there is no …'),
  prose(String.raw`(?:^|[.;] )there is none\b`, 'name it: there is no …, No …'),
  prose(String.raw`\bnone that (is|are|was|has)\b`, 'missing, or not a …'),
  prose(
    String.raw`\b(tells?|told|telling)\b(?!( \S+){0,6} (apart|from)\b)(?! (you|them|him|her|us|me)\b)`,
    'reports, returns, shows',
  ),
  prose(String.raw`\b(is|are|was|were|be|been) said\b`, 'is reported, is documented'),
  prose(String.raw`\bsa(ys?|id) (of|the same)\b`, 'reports, states, contains'),
  prose(
    String.raw`\b(goes|go|going|gone|went) on\b(?! (a|an|one|the|to|its|their|each|every|\{|strike)\b)`,
    'continues, resumes',
  ),
  prose(String.raw`\b(?<!not |thus )so (many|long)\b(?! (that|as)\b)`, 'a number: N, how many, for N seconds'),
  prose(String.raw`\bbesides\b`, 'also, in addition'),
  prose(String.raw`\bbeside (itself|himself|themselves)\b`, 'at the same time'),
  prose(String.raw`\b(stands?|stood)\b(?!-)(?! (for|out|by|in for|up)\b)(?<!\bas it stands)`, 'is, is written'),
  prose(String.raw`\blets? go of\b`, 'releases'),
  prose(String.raw`\bfor want of\b`, 'without'),
  prose(String.raw`\banew\b`, 'again'),
  prose(String.raw`\b(of ours|of yours)\b`, 'our own, your own'),
  prose(String.raw`\bof (its|their) own\b(?! accord)`, 'its own …, a separate …'),
  prose(String.raw`\bagain and again\b`, 'repeatedly'),
  prose(String.raw`\btwins?\b`, 'name the other one: the `…_FILE` variable'),
  prose(String.raw`\bfor ever\b`, 'forever'),
  prose(String.raw`\b(is|are|was|were) to be \w+(ed|en)\b`, 'must be, has to be'),
  prose(String.raw`\bdoubles? nothing\b|\b(nothing|event|is|are|be|lost,) (is )?doubled\b`, 'duplicated, stored twice'),
  prose(String.raw`\b(gives?|gave) back\b`, 'returns'),
  prose(String.raw`\bis looked (?!up|for|at|after)|\blooks? for what\b`, 'polls, checks'),
  prose(String.raw`\bthrough the house\b|\bat home\b`, 'through the service'),
  prose(String.raw`\banother content\b`, 'different content'),
  prose(String.raw`\b(ways out|in the end|as ever|of ones own)\b`, 'alternatives; finally; as usual'),
  prose(
    String.raw`(?:^|[.;:] )who (?!is\b.*\?)(is|are|has|had|can|does|knows|sends|sees|wants|reads|writes)\b(?=[^?.]*\.)`,
    'anyone who …',
  ),
  prose(
    String.raw`(?:^|[.;] )what (is|was|are|has|cannot|comes|came|never|nobody|disagrees|arrives?)\b[^.?!;:|]{2,60} (is|are|was|has|goes|comes|stays|leaves|becomes|counts)\b(?=[^?.]*\.)`,
    'name the subject: Callbacks that …',
  ),
  prose(String.raw`\bproblems? as of\b`, 'as in'),
  prose(String.raw`\bdear(er|est)\b`, 'costlier, costliest'),
  prose(String.raw`\bgone with (it|them|the)\b`, 'is removed when …; expires with'),
  prose(String.raw`(?-i:\b([Nn]ull|undefined|Error) where\b)`, 'null if …, @throws … if'),
  prose(String.raw`\bgo(es)? together\b|\bas it were\b`, 'are sent in one batch; omit'),
  prose(String.raw`\bhold(s|ing)? (nobody|no other|up no)\b`, 'does not delay others'),
  prose(String.raw`\b(lives?|stays?|kept) as long as (the|its|that)\b`, 'expires with …'),
  prose(String.raw`\bwhat goes wrong\b`, 'errors'),
  prose(String.raw`\b(where|whether) that is\b(?! (the|a) )`, 'if it is …'),
  prose(String.raw`\bas far as\b`, 'if …; to the extent that'),
  prose(String.raw`\bwhoever\b`, 'anyone who …'),
  prose(String.raw`\bmostly\b`, 'usually'),
  prose(String.raw`\b(does|do|doing) no harm\b`, 'state what happens instead'),
  prose(String.raw`\bthe true (one|service|server|client|receiver|process(es)?|code)\b`, 'the real …'),
  prose(String.raw`\bbeg[iau]ns? so\b`, 'starts with …'),
  prose(String.raw`\banother (one|\w+) than\b`, 'a different … from; differs from'),
  prose(String.raw`, the (newest|oldest) first\b`, 'newest first, oldest first'),
  prose(String.raw`\bsmall letters\b`, 'lowercase letters'),
  prose(String.raw`\btakes? a free (one|port)\b`, 'picks a free one'),
];

const titles: readonly Pattern[] = [
  { phrase: String.raw`^that\b`, instead: 'a sentence: "refuses …", "does not …"', scope: 'titles' },
];

export const patterns: readonly Pattern[] = [...glossary, ...constructions, ...titles];
