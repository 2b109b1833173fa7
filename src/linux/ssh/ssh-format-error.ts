/** Bytes that are no key, certificate or line of the kind that was tried. The message says what was expected, never what the bytes are. */
export class SshFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A sound key of a kind that SSH has no use for. */
export class ForeignKeyError extends SshFormatError {}
