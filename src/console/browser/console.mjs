// The script of the console's pages, which work without it. It updates the elements marked with `data-live` by HTML from
// the service, in which every text is escaped.

const MAX_ROWS = 50;
const RECONNECT_MS = 3000;

/** @typedef {{ readonly html: string, readonly count?: number }} Message */

/** @type {Map<string, HTMLElement>} */
const places = new Map();
for (const element of document.querySelectorAll('[data-live]'))
  if (element instanceof HTMLElement) places.set(element.dataset['live'] ?? '', element);

const feed = places.get('feed');
const pause = document.getElementById('pause');
const pulse = document.getElementById('pulse');

/** @type {EventSource | null} */
let source = null;
let isPaused = false;
let missed = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;

/** @param {string} text */
const parse = (text) => {
  const template = document.createElement('template');
  template.innerHTML = text;
  return template.content;
};

/** @param {string} text */
const showState = (text) => {
  if (pulse !== null) pulse.textContent = text;
};

/** @type {(place: HTMLElement, message: Message) => void} */
const replace = (place, { html }) => {
  const open = [...place.querySelectorAll('details')].map((details) => details.open);
  place.replaceChildren(parse(html));
  for (const [index, details] of [...place.querySelectorAll('details')].entries()) details.open = open[index] === true;
};

/** @type {(place: HTMLElement, message: Message) => void} */
const prepend = (place, { html, count = 0 }) => {
  document.getElementById('unknown')?.remove(); // Redis answers again
  if (isPaused) {
    missed += count;
    if (pause !== null) pause.textContent = missed === 0 ? 'Resume' : `Resume (${missed} new)`;
    return;
  }
  const known = new Set([...place.children].map((row) => row.getAttribute('data-id')));
  const rows = [...parse(html).children].filter((row) => !known.has(row.getAttribute('data-id')));
  place.prepend(...rows);
  while (place.children.length > MAX_ROWS) place.lastElementChild?.remove();
};

const close = () => {
  clearTimeout(retry);
  source?.close();
  source = null;
};

const open = () => {
  close();
  const opened = new EventSource(`/console/live?show=${[...places.keys()].join(',')}`);
  source = opened;
  for (const [name, place] of places) {
    opened.addEventListener(name, (event) => {
      /** @type {Message} */
      const message = JSON.parse(event.data);
      if (place === feed) prepend(place, message);
      else replace(place, message);
    });
  }
  opened.onopen = () => showState('● live');
  opened.onerror = () => {
    showState('○ disconnected; reconnecting');
    // A browser gives up after a status other than 200: 401 after the session ended, 503 when too many pages are open.
    if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RECONNECT_MS);
  };
};

pause?.addEventListener('click', () => {
  isPaused = !isPaused;
  missed = 0;
  pause.textContent = isPaused ? 'Resume' : 'Pause';
  pause.setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) open(); // which sends what arrived meanwhile
});

for (const element of [pause, pulse]) element?.removeAttribute('hidden');

// A hidden page needs no stream: browsers limit the connections to one host.
document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
window.addEventListener('pagehide', close);

if (places.size > 0) open();
