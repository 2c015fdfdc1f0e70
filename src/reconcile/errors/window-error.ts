/** The days cannot be reconciled; the message says why. */
export class WindowError extends Error {
  override readonly name = 'WindowError';
  readonly code = 'RECONCILIATION_WINDOW';
}
