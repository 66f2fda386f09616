import type { Finding } from "@ashlar/core";
import { suggestName } from "../keycloak/check/report.ts";
import { kubectlClient, SOMEBODY } from "./explain-login.ts";
import { aboutAuthentication, realmPlace } from "./facts.ts";
import { servedHosts } from "./hosts.ts";
import { type IdentityModel, issuerOf, issuerParts } from "./model.ts";
import { tokensOf } from "./token.ts";

const ISSUER = "iam/no-issuer-mismatch";

/** The API server's issuer against the realms, and its audiences against their clients. Any difference is a 401. */
export function issuerFindings(model: IdentityModel): Finding[] {
  const jwts = model.options.authentication?.jwt ?? [];
  return [
    ...jwts.flatMap((jwt, i) => issuerFindingsOf(model, jwt.issuer.url, `jwt[${i}].issuer.url`)),
    ...audienceFindings(model),
  ];
}

function issuerFindingsOf(model: IdentityModel, url: string, path: string): Finding[] {
  const parts = issuerParts(url);
  if (parts === undefined || model.realms.size === 0) return [];
  const finding = (message: string, hint: string, severity: "error" | "warning" = "error") =>
    aboutAuthentication(ISSUER, severity, path, message, hint, realms(model));
  const names = [...model.realms.keys()];
  const known = model.realms.has(parts.realm);
  const right = known ? issuerOf(model, parts.realm) : undefined;
  if (!known)
    return [
      finding(
        `the issuer names the realm ${JSON.stringify(parts.realm)}, which is none of the realms`,
        suggestName(parts.realm, names),
      ),
    ];
  const findings: Finding[] = [];
  if (url.endsWith("/"))
    findings.push(
      finding(
        "the issuer ends in a slash and tokens of Keycloak do not: every token is refused",
        `write ${url.replace(/\/+$/, "")}`,
      ),
    );
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  if (model.options.keycloakUrl !== undefined) {
    if (right !== undefined && url.replace(/\/+$/, "") !== right)
      findings.push(
        finding(
          `the issuer is ${JSON.stringify(url)}, and tokens say ${JSON.stringify(right)}`,
          `write ${right}`,
        ),
      );
  } else if (/\/auth$/.test(parts.base))
    findings.push(
      finding(
        "the issuer has /auth before /realms, which Keycloak dropped in version 17",
        `write ${url.replace("/auth/realms/", "/realms/")}, or build Keycloak with --http-relative-path=/auth`,
        "warning",
      ),
    );
  const hosts = servedHosts(model);
  if (hosts.size > 0 && !hosts.has(host.replace(/:\d+$/, "")))
    findings.push(
      finding(
        `no Ingress of the set serves the issuer's host ${JSON.stringify(host)}`,
        suggestName(host, hosts.keys()),
        "warning",
      ),
    );
  return findings;
}

/** kubectl's client, and every client whose token goes on to the API server. */
function audienceFindings(model: IdentityModel): Finding[] {
  const { authenticator } = model;
  const realm = authenticator && model.realms.get(authenticator.realm);
  if (authenticator === undefined || realm === undefined) return [];
  const path = `jwt[${authenticator.index}].issuer.audiences`;
  const { audiences } = authenticator.jwt.issuer;
  const kubectl = kubectlClient(model);
  const uses = [
    ...(kubectl === undefined ? [] : [{ client: kubectl, token: "id" as const, who: "kubectl" }]),
    ...(model.options.logins ?? []).flatMap(({ client, token, redirectUri, realm: name }) =>
      token === undefined || (name !== undefined && name !== realm.name)
        ? []
        : [{ client, token, who: redirectUri }],
    ),
  ];
  return uses.flatMap(({ client: id, token, who }): Finding[] => {
    const client = realm.clients.get(id);
    if (client === undefined)
      return [
        aboutAuthentication(
          "iam/no-client-mismatch",
          "error",
          path,
          `${who} logs in through the client ${JSON.stringify(id)}, which realm ${realm.name} does not have`,
          suggestName(id, realm.clients.keys()),
          [realmPlace(realm, ["clients"], "its clients")],
        ),
      ];
    const tokens = tokensOf(realm, client, "", {
      client: id,
      user: SOMEBODY,
      groups: [...realm.groups.keys()],
    });
    const { aud } = token === "id" ? tokens.idToken : tokens.accessToken;
    const given: readonly unknown[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
    if (given.some((one) => audiences.includes(String(one)))) return [];
    const what = token === "id" ? "ID" : "access";
    const has = given.length === 0 ? "no audience" : `the audience ${given.join(", ")}`;
    return [
      aboutAuthentication(
        "iam/no-audience-mismatch",
        "error",
        path,
        `the ${what} token of ${id} (${who}) has ${has}, and the API server takes ${audiences.join(", ")}: 401`,
        token === "id"
          ? `add ${JSON.stringify(id)} to the audiences`
          : `add an oidc-audience-mapper for ${JSON.stringify(audiences[0])} to the client, or pass on the ID token`,
        [realmPlace(realm, client.at, `client ${id}`)],
      ),
    ];
  });
}

function realms(model: IdentityModel) {
  return [...model.realms.values()].map((realm) => realmPlace(realm, ["realm"], `realm ${realm.name}`));
}
