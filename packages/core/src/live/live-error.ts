/**
 * What went wrong at a live edge, in one word a program can act on:
 *
 * - `bad-input`: an option, or what kubectl handed over, is not what it has to be; nothing was sent
 * - `unreachable`, `untrusted-certificate`, `timed-out`, `server-error`: no usable answer came
 * - `bad-answer`: an answer came that is not what the protocol allows (wrong issuer, bad signature, no JSON …)
 * - `refused`: the server does not accept this client, code or token
 * - `forbidden`: the server knows the caller and does not allow the request
 * - `denied`: the person, or a policy of the server, said no to the login; or a claim would break
 * - `wrong-state`, `wrong-issuer`: the browser came back from another login, or from another identity provider
 * - `login-needed`: only a person can go on, and none may be asked now
 * - `busy`: the port, or the login that another process does, is taken
 * - `no-browser`: no browser could be opened
 * - `conflict`: what is to be changed is no longer what it was when the change was planned
 * - `bad-cache`: the token file is not one that we wrote, or others may read it
 * - `aborted`: the caller's signal ended it
 */
export type LiveErrorCode =
  | "aborted"
  | "bad-answer"
  | "bad-cache"
  | "bad-input"
  | "busy"
  | "conflict"
  | "denied"
  | "forbidden"
  | "login-needed"
  | "no-browser"
  | "refused"
  | "server-error"
  | "timed-out"
  | "unreachable"
  | "untrusted-certificate"
  | "wrong-issuer"
  | "wrong-state";

/**
 * The one error that live code throws. Neither its message nor its hint nor its cause holds a token, a code or a secret: the
 * cause is a copy of the error below, with its name, message and code alone.
 */
export class LiveError extends Error {
  override readonly name = "LiveError";
  readonly code: LiveErrorCode;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: LiveErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause: bareCause(cause) });
    this.code = code;
    this.hint = hint;
  }
}

/** Errors of clients carry whole responses, which hold tokens: only what names the failure is kept. */
function bareCause(cause: unknown): Error {
  if (cause instanceof LiveError) return cause;
  if (!(cause instanceof Error)) return new Error("not an Error");
  const { code } = cause as Error & { readonly code?: unknown };
  // The JSON reader repeats what it could not read.
  const bare = new Error(cause instanceof SyntaxError ? "not JSON" : cause.message);
  bare.name = cause.name;
  delete bare.stack;
  return typeof code === "string" ? Object.assign(bare, { code }) : bare;
}
