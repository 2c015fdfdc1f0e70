import { spawn } from 'node:child_process';
import { emitKeypressEvents } from 'node:readline';

/** Standard input, or a stand-in for it in tests. */
export type KeyInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

type Key = { readonly name?: string; readonly ctrl?: boolean };

/** Calls the action of a pressed key; Ctrl-C counts as `q`. Does nothing if the input is not a terminal. */
export const listenForKeys = (input: KeyInput, actions: Readonly<Record<string, () => void>>): Disposable => {
  if (input.isTTY !== true || input.setRawMode === undefined) return { [Symbol.dispose]: () => undefined };
  const press = (_text: string | undefined, { name = '', ctrl = false }: Key): void => {
    const pressed = ctrl && name === 'c' ? 'q' : name;
    if (Object.hasOwn(actions, pressed)) actions[pressed]?.();
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', press);
  input.resume();
  return {
    [Symbol.dispose]: () => {
      input.off('keypress', press);
      input.setRawMode?.(false);
      input.pause();
    },
  };
};

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens an address in the browser; calls `onFail` if no browser can be started. */
export const openInBrowser = (address: string, onFail: () => void): void => {
  const [command = '', ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...words, address], { stdio: 'ignore', detached: true });
  opener.once('error', onFail);
  opener.unref();
};
