/** The address of a page of the console; undefined unless `CONSOLE_URL` is configured. */
export const consoleLink = (consoleUrl: string, path: string): string | undefined =>
  consoleUrl === '' ? undefined : consoleUrl + path;

/** The address of a payment's page, by any of its ids. */
export const paymentLink = (consoleUrl: string, id: string | null | undefined): string | undefined =>
  id == null ? undefined : consoleLink(consoleUrl, `/payments/${encodeURIComponent(id)}`);
