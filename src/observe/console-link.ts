/** The address of a page of the console; undefined where nobody said where the console is (`CONSOLE_URL`). */
export const consoleLink = (consoleUrl: string, path: string): string | undefined =>
  consoleUrl === '' ? undefined : consoleUrl + path;

/** The address of the page of a payment, by any of its ids. */
export const paymentLink = (consoleUrl: string, id: string | null | undefined): string | undefined =>
  id == null ? undefined : consoleLink(consoleUrl, `/payments/${encodeURIComponent(id)}`);
