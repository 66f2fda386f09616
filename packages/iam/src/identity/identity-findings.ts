import { type Finding, sortFindings } from "@ashlar/core";
import { groupFindings } from "./group-findings.ts";
import { issuerFindings } from "./issuer-findings.ts";
import type { IdentityModel } from "./model.ts";
import { redirectFindings } from "./redirect-findings.ts";

/**
 * Where the parts of a login disagree, with both places: issuer and realm, audience and client, the groups claim and its
 * mapper, the groups that tokens bring and those that bindings name, redirect URIs and the hosts of the set. Errors are what
 * Keycloak or the API server refuses.
 *
 * @example
 * identityFindings(identityModel({ realms, authentication, resources }))
 * // [{ code: "iam/no-unissued-group", message: 'the binding names "developer", and tokens bring "oidc:developer"', … }]
 */
export function identityFindings(model: IdentityModel): Finding[] {
  return sortFindings([...issuerFindings(model), ...groupFindings(model), ...redirectFindings(model)]);
}
