/** Another reconciliation of the merchant is under way. */
export class ReconciliationBusyError extends Error {
  override readonly name = 'ReconciliationBusyError';
  readonly code = 'RECONCILIATION_BUSY';

  constructor(merchant: string) {
    super(`another reconciliation of ${merchant} is under way; one that was killed counts as such for 30 s more`);
  }
}
