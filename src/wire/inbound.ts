/** A request as received, before anything in it is trusted. */
export type Inbound = {
  /** Name of the merchant in the address, who may not exist. */
  readonly merchant: string;
  /** The product in the address; null if it names none. Only a hint: `eventName` decides. */
  readonly product: string | null;
  /** Source address. */
  readonly source: string;
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
};
