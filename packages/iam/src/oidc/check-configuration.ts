import type { Finding } from "@ashlar/core";
import { checkJwtAuthenticator } from "./check-authenticator.ts";
import { fieldsOf, isFields, listOf, type Report, textOf, unknownFields } from "./fields.ts";
import { configurationVersion } from "./version.ts";

export interface CheckConfigurationOptions {
  /** `--service-account-issuer` of the same server: no issuer of tokens may be one of them. */
  readonly serviceAccountIssuers?: readonly string[];
  /** Kubernetes version of the server; absent: the API version is not held against it. */
  readonly kubernetes?: string;
}

const CODE = "iam/valid-authentication-configuration";
const API_VERSIONS = ["v1", "v1beta1", "v1alpha1"].map((version) => `apiserver.config.k8s.io/${version}`);
const MOST_ISSUERS = 64;

/**
 * What kube-apiserver refuses in a file of `--authentication-config` (errors: it does not start, or keeps its former file), and
 * what works and is likely not meant (warnings). CEL expressions are not compiled; all else is as the server checks it
 * (apiserver/pkg/apis/apiserver/validation of 1.36, strict decoding).
 *
 * @param document the file's content as plain JSON, from anywhere
 * @example checkAuthenticationConfiguration({ …configuration, jwt: [{ issuer: { url: "http://a", … } }] })[0]?.path
 * // "jwt[0].issuer.url"
 */
export function checkAuthenticationConfiguration(
  document: unknown,
  { serviceAccountIssuers = [], kubernetes }: CheckConfigurationOptions = {},
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message, hint, other = {}) =>
    void findings.push({ code: CODE, severity: "error", message, hint, path, ...other });
  if (!isFields(document)) {
    report("", "expected an AuthenticationConfiguration, found no object", "write apiVersion, kind and jwt");
    return findings;
  }
  unknownFields(document, "", ["apiVersion", "kind", "jwt", "anonymous"], report);
  checkType(document, kubernetes, report);
  const issuers = listOf(document.jwt, "jwt", report);
  if (issuers.length > MOST_ISSUERS)
    report("jwt", `${issuers.length} issuers; the server takes at most ${MOST_ISSUERS}`, "remove some");
  else {
    const seen = { urls: new Set<string>(), discovery: new Set<string>() };
    issuers.forEach((jwt, i) => {
      checkJwtAuthenticator(jwt, `jwt[${i}]`, new Set(serviceAccountIssuers), report);
      const issuer = fieldsOf(fieldsOf(jwt).issuer);
      unique(textOf(issuer.url), seen.urls, `jwt[${i}].issuer.url`, report);
      const discovery = textOf(issuer.discoveryURL);
      if (discovery !== "") unique(discovery, seen.discovery, `jwt[${i}].issuer.discoveryURL`, report);
    });
  }
  checkAnonymous(document.anonymous, report);
  return findings;
}

function checkType(
  document: Readonly<Record<string, unknown>>,
  kubernetes: string | undefined,
  report: Report,
): void {
  if (document.kind !== "AuthenticationConfiguration")
    report("kind", "expected kind AuthenticationConfiguration", "write kind: AuthenticationConfiguration");
  const version = textOf(document.apiVersion);
  const served = kubernetes === undefined ? undefined : configurationVersion(kubernetes);
  if (!API_VERSIONS.includes(version))
    report(
      "apiVersion",
      `unknown apiVersion ${JSON.stringify(version)}`,
      `write ${served ?? API_VERSIONS[0]}`,
    );
  else if (kubernetes !== undefined && served === undefined)
    report(
      "apiVersion",
      `Kubernetes ${kubernetes} does not read this file by default`,
      "use the --oidc-* flags",
    );
  else if (served?.endsWith("/v1beta1") && version.endsWith("/v1"))
    report("apiVersion", `Kubernetes ${kubernetes} does not know ${version} yet`, `write ${served}`);
}

function unique(value: string, seen: Set<string>, path: string, report: Report): void {
  if (seen.has(value))
    report(path, `${JSON.stringify(value)} is there twice`, "merge the two, or remove one");
  seen.add(value);
}

function checkAnonymous(anonymous: unknown, report: Report): void {
  if (anonymous === undefined || anonymous === null) return;
  const fields = fieldsOf(anonymous);
  if (!isFields(anonymous)) report("anonymous", "expected an object", "write anonymous: { enabled: false }");
  unknownFields(fields, "anonymous.", ["enabled", "conditions"], report);
  const conditions = listOf(fields.conditions, "anonymous.conditions", report);
  if (fields.enabled !== true && conditions.length > 0)
    report(
      "anonymous.conditions",
      "conditions say where anonymous requests are taken, but they are off",
      "write enabled: true, or remove the conditions",
    );
}
