import { unwatchFile, watchFile as watch } from 'node:fs';

/** How often the file is checked. Watching by events would miss the way in which Kubernetes swaps mounted files. */
const POLL_MS = 1000;

/** Calls `onChange` whenever the file changes, until it is disposed. */
export const watchFile = (path: string, onChange: () => void): Disposable => {
  watch(path, { interval: POLL_MS, persistent: false }, onChange);
  return { [Symbol.dispose]: () => unwatchFile(path, onChange) };
};
