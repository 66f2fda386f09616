import { type Result, type Sealed, unwrap, zodFindings } from "@ashlar/core";
import { type Login, passwordVariable, sealedLogins } from "./build.ts";
import { type PullSecretInput, type PullSecretIntent, pullSecretIntent } from "./intent.ts";

/** Builds a Secret for pulling images: call it with an intent, or `safe` with anything. */
export interface PullSecretBuilder {
  /** @throws {IntentError} with every finding (`registry/valid-intent`), when the input is not a valid intent */
  (input: PullSecretInput): Sealed;
  /** The same for input from anywhere: never throws. */
  readonly safe: (input: unknown) => Result<Sealed>;
}

/**
 * A Secret that pods pull images with, without the passwords. Sealed with them it holds byte for byte what
 * `kubectl create secret docker-registry` writes. For pulling and for pushing make two, of two accounts.
 *
 * With `server` and `username` the one value is `password`. With `registries` each value has the name of its server.
 * A password is taken as it is: a line break at its end is part of it. An empty one is refused when the Secret is sealed.
 *
 * @example
 * const secret = seal(pullSecret({ server: "registry.k8s.strix.kr", username: "puller" }), { password });
 */
export const pullSecret: PullSecretBuilder = Object.assign(
  (input: PullSecretInput) => unwrap("registry/pull-secret", safe(input)),
  { safe },
);

function safe(input: unknown): Result<Sealed> {
  const intent = pullSecretIntent();
  const parsed = intent.safeParse(input, { reportInput: true });
  if (!parsed.success)
    return { ok: false, findings: zodFindings(parsed.error, intent, "registry/valid-intent") };
  return { ok: true, value: build(parsed.data) };
}

function build(intent: PullSecretIntent): Sealed {
  const { name, namespace } = intent;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return sealedLogins(metadata, loginsOf(intent));
}

function loginsOf({ server, username, email, password, registries = {} }: PullSecretIntent): Login[] {
  if (username !== undefined)
    return [{ server, username, email, value: "password", password: password ?? passwordVariable(server) }];
  return Object.entries(registries).map(([host, login]) => ({
    server: host,
    username: login.username,
    email: login.email,
    value: host,
    password: login.password ?? passwordVariable(host),
  }));
}
