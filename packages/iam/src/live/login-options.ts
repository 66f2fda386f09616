import { X509Certificate } from "node:crypto";
import { LiveError } from "./live-error.ts";

/** A client secret by reference: the name of an environment variable, or a function that fetches it. Never the value itself. */
export type ClientSecret = { readonly env: string } | (() => Promise<string>);

/** What a person has to do to finish a login by the device flow. */
export interface DeviceCode {
  /** The page to open, on any device. */
  readonly verificationUri: string;
  /** The same page with the code filled in, when the provider has one. */
  readonly verificationUriComplete?: string;
  readonly userCode: string;
  readonly expiresInSeconds: number;
}

/** Which session is meant, and how to talk to its identity provider. */
export interface SessionOptions {
  /** The issuer, exactly as the API server has it: `https://iam.k8s.strix.kr/realms/prod`. Plain http only on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** For a confidential client. A public client with PKCE, which is what a command line is, has none. */
  readonly clientSecret?: ClientSecret;
  /** Scopes to ask for besides `openid`; none by default. */
  readonly scopes?: readonly string[];
  /** PEM text of the authorities to trust for the issuer; the system's by default. */
  readonly certificateAuthority?: string;
  /** Longest wait for one answer of the issuer; 15 by default. */
  readonly requestTimeoutSeconds?: number;
  /** Longest wait for everything, a person's login included; 180 by default. */
  readonly timeoutSeconds?: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Folder of the token files; `$XDG_CACHE_HOME/ashlar/tokens` by default. `false` keeps no file. */
  readonly cacheFolder?: string | false;
}

interface BrowserFlow {
  readonly flow?: "browser";
  /** Port of the loopback address that the browser comes back to; 8000 by default. The client has to know `http://localhost:PORT/`. */
  readonly listen?: number;
  /**
   * Opens a page for the person; `openInBrowser` by default. It gets `http://localhost:PORT/`, which leads on to the login
   * page: the longer address would be seen in the list of this machine's processes.
   */
  readonly openBrowser?: (url: string) => void | Promise<void>;
}

interface DeviceFlow {
  readonly flow: "device";
  /** Shows the person where to go and what to type. */
  readonly onDeviceCode: (code: DeviceCode) => void | Promise<void>;
}

/** The options of `login`. */
export type LoginOptions = SessionOptions &
  (BrowserFlow | DeviceFlow) & {
    /** Log in anew, whatever the token file holds. */
    readonly force?: boolean;
    /** `false`: never ask a person; when only a person can go on, fail with `login-needed`. */
    readonly interactive?: boolean;
  };

/** What names a session: tokens of one are never used for another. */
export interface Session {
  readonly issuer: string;
  readonly clientId: string;
  /** `openid` and the others, sorted. */
  readonly scopes: readonly string[];
}

/** @throws LiveError `bad-input` when an option is not what it has to be */
export function sessionOf(options: SessionOptions): Session {
  const { issuer, clientId, scopes = [], certificateAuthority, requestTimeoutSeconds = 1 } = options;
  checkIssuer(issuer);
  checkAuthority(certificateAuthority);
  if (!(requestTimeoutSeconds > 0 && requestTimeoutSeconds <= 3600))
    throw new LiveError(
      "bad-input",
      "requestTimeoutSeconds is not between 0 and an hour",
      "leave it out for the default",
    );
  if (typeof clientId !== "string" || !/^[\x20-\x7e]+$/.test(clientId))
    throw new LiveError(
      "bad-input",
      "the client id is not printable ASCII (RFC 6749, appendix A.1)",
      'give one, as "kubernetes"',
    );
  const wrong = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (wrong !== undefined)
    throw new LiveError(
      "bad-input",
      `${JSON.stringify(wrong)} is no scope`,
      "give one scope per entry: printable ASCII without spaces (RFC 6749, 3.3)",
    );
  return { issuer, clientId, scopes: [...new Set(["openid", ...scopes])].sort() };
}

/** Whether a URL is one of this machine, which plain http may go to. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function checkIssuer(issuer: string): void {
  checkUrl(issuer, "the issuer", 'write it as the API server has it: "https://HOST/realms/NAME"');
}

/** @throws LiveError `bad-input` when `what` is no URL that secrets may be sent to */
export function checkUrl(text: string, what: string, example: string): void {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  const bad = (why: string) => new LiveError("bad-input", `${what} ${why}`, example);
  if (!url) throw bad("is no URL");
  if (url.username || url.password) throw bad("holds a user name or password");
  if (url.search || url.hash) throw bad("has a query or fragment");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))
    throw bad(`is ${url.protocol.slice(0, -1)}, not https: the tokens would be readable on the way`);
}

/** Node takes any text as authority and then trusts nobody: better said before something is sent. */
export function checkAuthority(pem: string | undefined): void {
  if (pem === undefined) return;
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw new LiveError(
      "bad-input",
      "certificateAuthority holds no certificate",
      'give the text of a PEM file, which begins with "-----BEGIN CERTIFICATE-----"',
      error,
    );
  }
}

/** The secret's value, fetched now. @throws LiveError `bad-input` when there is none; the value is in no message */
export async function readSecret(secret: ClientSecret | undefined): Promise<string | undefined> {
  if (secret === undefined) return undefined;
  if (typeof secret === "function") {
    const value = await secret().catch((error: unknown) => {
      throw new LiveError("bad-input", "the client secret could not be fetched", "see the cause", error);
    });
    return value || noSecret("the client secret that was fetched is empty");
  }
  return (
    process.env[secret.env] ||
    noSecret(`the environment variable ${secret.env}, which the client secret is in, is empty or not set`)
  );
}

function noSecret(why: string): never {
  throw new LiveError("bad-input", why, "set it, or leave the secret out for a public client");
}
