const REDACTED = '[secret]';

/**
 * A text that must never be written anywhere. However it is printed, serialized or inspected, it shows `[secret]`; only
 * {@link Secret.reveal} returns the text, so that every use can be found by searching for that name.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
