/** When somebody logged in, and from where. */
export interface Login {
  readonly timeMs: number;
  /** Host name or address; '' for a login at the machine. */
  readonly from: string;
  readonly tty: string;
  /** The file that tells it. */
  readonly source: string;
}
