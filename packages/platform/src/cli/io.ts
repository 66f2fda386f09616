/** What a command may touch of its process: handed in, so that tests can watch. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<Uint8Array>;
  readonly cwd: string;
  /** Colour on standard output. */
  readonly color: boolean;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Shows how far a long work is, in the terminal's last line; absent where that is no terminal. */
  readonly progress?: (text: string) => void;
}

/** `0` clean, `1` findings or differences, `2` could not run. */
export type ExitCode = 0 | 1 | 2;

/** A command cannot run: bad usage, a file that is not there. Printed to standard error; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
