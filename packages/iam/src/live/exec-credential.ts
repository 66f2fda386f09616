import { LiveError } from "./live-error.ts";
import { login } from "./login.ts";
import type { LoginOptions } from "./login-options.ts";
import { usableUntil } from "./token-set.ts";

/** What a credential plugin prints for kubectl (client.authentication.k8s.io). */
export interface ExecCredential {
  readonly apiVersion: ExecCredentialVersion;
  readonly kind: "ExecCredential";
  readonly status: {
    readonly token: string;
    /** RFC 3339; kubectl asks again after it. */
    readonly expirationTimestamp: string;
  };
}

export type ExecCredentialVersion =
  | "client.authentication.k8s.io/v1"
  | "client.authentication.k8s.io/v1beta1";

/** What kubectl asks for. */
interface ExecInfo {
  readonly apiVersion: ExecCredentialVersion;
  readonly interactive: boolean;
}

export type ExecCredentialOptions = LoginOptions & {
  /** What kubectl hands over; the environment variable `KUBERNETES_EXEC_INFO` by default. */
  readonly execInfo?: string;
};

/**
 * The answer of a kubectl credential plugin: the ID token of the session, after a login when there has to be one. When
 * kubectl says that it has no terminal to lend (`interactive: false`, as in `kubectl apply -f - < file`), nobody is asked, and
 * `login-needed` is thrown unless the token file or its refresh token will do.
 *
 * Without `KUBERNETES_EXEC_INFO` it is taken as started by hand.
 *
 * @throws LiveError `bad-input` for a version of the API that has another form, and whatever `login` throws
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export async function execCredential(options: ExecCredentialOptions): Promise<ExecCredential> {
  const { execInfo = process.env.KUBERNETES_EXEC_INFO, interactive = true, ...rest } = options;
  const asked = readExecInfo(execInfo);
  const tokens = await login({ ...rest, interactive: interactive && asked.interactive });
  return {
    apiVersion: asked.apiVersion,
    kind: "ExecCredential",
    status: { token: tokens.idToken, expirationTimestamp: usableUntil(tokens) },
  };
}

function readExecInfo(text: string | undefined): ExecInfo {
  if (text === undefined || text === "")
    return { apiVersion: "client.authentication.k8s.io/v1", interactive: true };
  const { apiVersion, kind, spec } = objectOf(text);
  if (kind !== "ExecCredential")
    throw bad(`is of kind ${shown(kind)}, not ExecCredential`, "start this as exec plugin of a kubeconfig");
  if (apiVersion === "client.authentication.k8s.io/v1alpha1")
    throw bad(
      "is of client.authentication.k8s.io/v1alpha1, which kubectl dropped in 1.24 and which does not say whether somebody can be asked",
      "write client.authentication.k8s.io/v1 as apiVersion of the exec plugin in the kubeconfig",
    );
  if (
    apiVersion !== "client.authentication.k8s.io/v1" &&
    apiVersion !== "client.authentication.k8s.io/v1beta1"
  )
    throw bad(
      `is of ${shown(apiVersion)}, which we do not know`,
      "write client.authentication.k8s.io/v1 as apiVersion of the exec plugin in the kubeconfig",
    );
  const { interactive } = (spec ?? {}) as { readonly interactive?: unknown };
  if (typeof interactive !== "boolean")
    throw bad(
      "has no spec.interactive",
      "start this as exec plugin of a kubeconfig, by kubectl 1.22 or newer",
    );
  return { apiVersion, interactive };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // As bad as a JSON text that is no object.
  }
  throw bad("is no JSON object", "unset it to start this by hand");
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}

function bad(why: string, hint: string): LiveError {
  return new LiveError("bad-input", `KUBERNETES_EXEC_INFO ${why}`, hint);
}
