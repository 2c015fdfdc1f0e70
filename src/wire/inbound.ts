/** A request as received, before anything in it is trusted. */
export type Inbound = {
  /** Name of the merchant whose address was called; it may not exist. */
  readonly merchant: string;
  /** The product of the address, null on the address without one. Only a hint: `eventName` decides. */
  readonly product: string | null;
  /** Source address. */
  readonly source: string;
  readonly body: Uint8Array;
  /** When it was received, milliseconds since 1970. */
  readonly receivedAt: number;
};
