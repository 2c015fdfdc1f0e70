import type { Amount } from '../core/money.ts';
import type { Column } from './table.ts';

/** Formats an amount as `PHP 500.10`. */
export const amountText = (amount: Amount | null): string | null =>
  amount === null ? null : `${amount.currency} ${amount.value}`;

export const amountColumn: Column<{ readonly amount: Amount | null }> = {
  title: 'AMOUNT',
  text: ({ amount }) => amountText(amount),
  align: 'right',
};

export const orderColumn: Column<{ readonly merchantOrderId: string | null }> = {
  title: 'ORDER',
  text: ({ merchantOrderId }) => merchantOrderId,
  isId: true,
};

export const transactionColumn: Column<{ readonly transactionId: string | null }> = {
  title: 'TRANSACTION',
  text: ({ transactionId }) => transactionId,
  isId: true,
};

export const merchantColumn: Column<{ readonly merchant: string }> = {
  title: 'MERCHANT',
  text: ({ merchant }) => merchant,
};
