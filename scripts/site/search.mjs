// The site's search, without a server. A section matches if it contains all words; words in its title count most.
const { sections } = globalThis;
const input = document.querySelector('input[type=search]');
const results = document.querySelector('#results');
const SHOWN = 12;

/** 0 if a word is missing. */
const scoreOf = ({ title, page, text }, words) => {
  const heading = title.toLowerCase();
  const name = page.toLowerCase();
  const body = text.toLowerCase();
  let score = 0;
  for (const word of words) {
    const found = (heading.includes(word) ? 10 : 0) + (name.includes(word) ? 4 : 0) + (body.includes(word) ? 1 : 0);
    if (found === 0) return 0;
    score += found;
  }
  return score;
};

const linkTo = ({ url, title, page }) => {
  const link = document.createElement('a');
  const where = document.createElement('small');
  link.href = url;
  link.textContent = title;
  where.textContent = page;
  link.append(where);
  return link;
};

const search = () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return results.replaceChildren();
  const found = sections
    .map((section) => ({ section, score: scoreOf(section, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN);
  results.replaceChildren(...(found.length === 0 ? ['Nothing found.'] : found.map(({ section }) => linkTo(section))));
};

input.addEventListener('input', search);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || document.activeElement === input) return;
  event.preventDefault();
  input.focus();
});
search();
