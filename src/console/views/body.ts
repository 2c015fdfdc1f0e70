import { type Html, html } from '../html.ts';

const WIDTH = 16;
/** Maximum number of bytes in the dump; a body may have 16 MB. */
const MAX_DUMPED = 4096;
const MAX_TEXT = 65_536;

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

const hexDump = (body: Uint8Array): string => {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(body.length, MAX_DUMPED); at += WIDTH) {
    const bytes = [...body.subarray(at, at + WIDTH)];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(WIDTH * 3)} ${text}`);
  }
  return lines.join('\n');
};

const decodeUtf8 = (body: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
};

/** A body as text, if it is valid UTF-8, and as bytes. */
export const bodyView = (body: Uint8Array): Html => {
  const text = decodeUtf8(body);
  const dump = html`<pre class="dump" tabindex="0" aria-label="Bytes">${hexDump(body)}</pre>`;
  if (text === null) return html`<p class="notice">The body is not valid UTF-8.</p>${dump}`;
  return html`<pre tabindex="0" aria-label="Body as text">${text.slice(0, MAX_TEXT)}</pre>
<details><summary>As bytes</summary>${dump}</details>`;
};
