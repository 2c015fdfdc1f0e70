/** The merchant is not there, or its configuration does not say how to call PayCools. */
export class ApiNotConfiguredError extends Error {
  override readonly name = 'ApiNotConfiguredError';
  readonly code = 'RECONCILIATION_NO_API';

  constructor(merchant: string) {
    super(`${merchant} cannot be reconciled: PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID and PAYCOOLS_PRIVATE_KEY are needed`);
  }
}
