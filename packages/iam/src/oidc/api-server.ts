import { type Document, type Finding, formatInputPath, unwrap, writeYamlValue } from "@ashlar/core";
import { type AuthenticationConfiguration, jwtAuthenticator } from "./configuration.ts";
import { type OidcInput, type OidcIntent, readOidcIntent, unsaidProblems } from "./intent.ts";
import { configurationVersion } from "./version.ts";

/**
 * The flags of kube-apiserver, one argument each.
 *
 * @throws {IntentError} when the intent is not valid, or says what flags cannot
 * @example
 * apiServerFlags({ issuer: "https://iam.k8s.strix.kr/realms/master", clientId: "kubernetes", apiServer: "flags" })[0]
 * // "--oidc-issuer-url=https://iam.k8s.strix.kr/realms/master"
 */
export function apiServerFlags(input: OidcInput): readonly string[] {
  return flagsOf(readFor("flags", { ...input, apiServer: "flags" }));
}

/**
 * The flags as part of a kops cluster spec (v1alpha2, `spec.kubeAPIServer`), to be merged into the cluster's.
 *
 * @throws {IntentError} when the intent is not valid, or says what kops cannot
 */
export function kopsOidc(input: OidcInput): Document {
  return kopsDocument(readFor("kops", { ...input, apiServer: "flags" }));
}

/**
 * The file of `--authentication-config`: v1 from Kubernetes 1.34 on, v1beta1 from 1.30 on. Users and groups of tokens whose
 * name starts with `system:` are refused.
 *
 * @throws {IntentError} when the intent is not valid, or says what the file cannot
 */
export function authenticationConfiguration(input: OidcInput): AuthenticationConfiguration {
  return configurationOf(readFor("file", { ...input, apiServer: "file" }));
}

function readFor(form: "file" | "flags" | "kops", input: OidcInput): OidcIntent {
  const intent = unwrap("iam/oidc", readOidcIntent(input));
  const findings = unsaidProblems(intent, form).map(
    ({ path, message, hint }): Finding => ({
      code: "iam/valid-intent",
      severity: "error",
      message,
      hint,
      path: formatInputPath(path),
    }),
  );
  return unwrap("iam/oidc", findings.length > 0 ? { ok: false, findings } : { ok: true, value: intent });
}

/** `usernamePrefix` is always said: without the flag the server would take `ISSUER#`, and for `email` none. */
export function flagsOf(intent: OidcIntent): readonly string[] {
  const flags: [string, string | undefined][] = [
    ["oidc-issuer-url", intent.issuer],
    ["oidc-client-id", intent.clientId],
    ["oidc-username-claim", intent.usernameClaim],
    ["oidc-username-prefix", intent.usernamePrefix === "" ? "-" : intent.usernamePrefix],
    ["oidc-groups-claim", intent.groupsClaim || undefined],
    ["oidc-groups-prefix", intent.groupsClaim === "" ? undefined : intent.groupsPrefix || undefined],
    ...Object.entries(intent.requiredClaims).map(([claim, value]): [string, string] => [
      "oidc-required-claim",
      `${claim}=${value}`,
    ]),
    ["oidc-signing-algs", intent.signingAlgs?.join(",")],
    ["oidc-ca-file", intent.caFile],
  ];
  return flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

/** Path and text of the kops fragment. */
export function kopsDocument(intent: OidcIntent): Document {
  const required = Object.entries(intent.requiredClaims).map(([claim, value]) => `${claim}=${value}`);
  const kubeAPIServer = {
    oidcIssuerURL: intent.issuer,
    oidcClientID: intent.clientId,
    oidcUsernameClaim: intent.usernameClaim,
    oidcUsernamePrefix: intent.usernamePrefix === "" ? "-" : intent.usernamePrefix,
    ...(intent.groupsClaim !== "" && { oidcGroupsClaim: intent.groupsClaim }),
    ...(intent.groupsClaim !== "" && intent.groupsPrefix !== "" && { oidcGroupsPrefix: intent.groupsPrefix }),
    ...(required.length > 0 && { oidcRequiredClaim: required }),
    ...(intent.caFile !== undefined && { oidcCAFile: intent.caFile }),
  };
  return { path: "kops/oidc.yaml", text: writeYamlValue({ spec: { kubeAPIServer } }) };
}

/** The configuration of an intent whose version has one. */
export function configurationOf(intent: OidcIntent): AuthenticationConfiguration {
  return {
    apiVersion: configurationVersion(intent.kubernetes) ?? "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [jwtAuthenticator(intent)],
  };
}

/** Path and text of the file. */
export function configurationDocument(intent: OidcIntent): Document {
  return { path: "kube-apiserver/authentication.yaml", text: writeYamlValue(configurationOf(intent)) };
}
