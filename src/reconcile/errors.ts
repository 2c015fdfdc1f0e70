import type { LeftOut } from './report.ts';

/** The window cannot be reconciled; the message says why. */
export class WindowError extends Error {
  override readonly name = 'WindowError';
  readonly code = 'RECONCILIATION_WINDOW';
}

/** Another run of this merchant is active. */
export class ReconciliationBusyError extends Error {
  override readonly name = 'ReconciliationBusyError';
  readonly code = 'RECONCILIATION_BUSY';

  constructor(merchant: string) {
    super(`another reconciliation of ${merchant} is running; a killed run holds its lock for up to 30 s`);
  }
}

/** Pages of a statement could not be read, so the transactions on them were not compared. */
export class IncompleteRunError extends Error {
  override readonly name = 'IncompleteRunError';
  readonly code = 'RECONCILIATION_INCOMPLETE';

  constructor(leftOut: readonly LeftOut[]) {
    const [first] = leftOut;
    super(`the reconciliation is incomplete: ${first?.what} could not be read (${first?.reason})`);
  }
}

/** The merchant does not exist, or its API settings are incomplete. */
export class ApiNotConfiguredError extends Error {
  override readonly name = 'ApiNotConfiguredError';
  readonly code = 'RECONCILIATION_NO_API';

  constructor(merchant: string) {
    super(`${merchant} cannot be reconciled: PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID and PAYCOOLS_PRIVATE_KEY are needed`);
  }
}
