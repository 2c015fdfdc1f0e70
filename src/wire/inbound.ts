/** A request as it came in, before anything in it is believed. */
export type Inbound = {
  /** Name of the merchant whose address was called; it may not exist. */
  readonly merchant: string;
  /** The product of the address, null on the address without one. Only a hint: `eventName` decides. */
  readonly product: string | null;
  /** Address that it came from. */
  readonly source: string;
  readonly body: Uint8Array;
  /** When it came in, milliseconds since 1970. */
  readonly receivedAt: number;
};
