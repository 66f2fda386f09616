import type { PathSegment } from "@ashlar/core";
import { DEFAULT_CLIENTS } from "../names.ts";
import { field, isOn, recordsAt, show, type Tell, textsAt } from "./report.ts";

type Path = readonly PathSegment[];
type Json = Readonly<Record<string, unknown>>;

/** Clients whose access token a server takes, and the audience that it expects of it. */
export interface AccessTokenUse {
  readonly client: string;
  readonly audience: string;
}

/** How clients let users log in: what works, and is likely not meant. */
export function checkClients(realm: Json, name: string, uses: readonly AccessTokenUse[], tell: Tell): void {
  for (const { item, at } of recordsAt(realm.clients, ["clients"])) {
    const id = String(item.clientId);
    if (DEFAULT_CLIENTS.includes(id) || id.endsWith("-realm")) continue;
    if (item.protocol !== undefined && item.protocol !== null && item.protocol !== "openid-connect") continue;
    if (name === "master" && !isOn(item.bearerOnly))
      tell(
        "iam/no-apps-in-master",
        "warning",
        [...at, "clientId"],
        `client ${show(id)} is in master: who is let into it is one role away from administering every realm`,
        "move it to a realm of its own, and leave master to administrators",
      );
    if (!isOn(item.enabled, true) || isOn(item.bearerOnly)) continue;
    checkFlows(id, item, at, tell);
    checkRedirects(id, item, at, tell);
    for (const { audience } of uses.filter((use) => use.client === id))
      if (!audiences(item).includes(audience))
        tell(
          "iam/require-token-audience",
          "warning",
          [...at, "protocolMappers"],
          `access tokens of ${show(id)} go to a server that expects ${show(audience)} in aud, and no mapper puts it there`,
          `add an oidc-audience-mapper with included.client.audience ${show(audience)}, or send the ID token`,
        );
  }
}

function checkFlows(id: string, client: Json, at: Path, tell: Tell): void {
  const isPublic = isOn(client.publicClient);
  if (isOn(client.implicitFlowEnabled))
    tell(
      "iam/no-implicit-flow",
      "warning",
      [...at, "implicitFlowEnabled"],
      `client ${show(id)} gives tokens in URLs, which stay in histories and logs`,
      "set it to false: the standard flow with PKCE does the same for scripts too",
    );
  if (isOn(client.directAccessGrantsEnabled))
    tell(
      "iam/no-direct-grants",
      "warning",
      [...at, "directAccessGrantsEnabled"],
      `client ${show(id)} takes users' passwords itself: no second factor, no single sign-on, and it sees them`,
      "set it to false, and log in by the standard flow or, without a browser, by device code",
    );
  if (isPublic && typeof client.secret === "string" && client.secret !== "")
    tell(
      "iam/no-secret-on-public-client",
      "warning",
      [...at, "secret"],
      `client ${show(id)} is public: Keycloak never asks for its secret`,
      "remove it, or set publicClient to false",
    );
  const method = field(client.attributes, "pkce.code.challenge.method");
  const logsIn = isOn(client.standardFlowEnabled, true) && textsAt(client.redirectUris, []).length > 0;
  if (logsIn && method !== "S256")
    tell(
      "iam/require-pkce",
      "warning",
      [...at, "attributes", "pkce.code.challenge.method"],
      `client ${show(id)} does not ask for PKCE: who catches a code can use it`,
      'write "pkce.code.challenge.method": "S256"; today\'s clients all send it',
    );
}

function checkRedirects(id: string, client: Json, at: Path, tell: Tell): void {
  for (const { text, at: path } of textsAt(client.redirectUris, [...at, "redirectUris"])) {
    const shown = `client ${show(id)}: ${show(text)}`;
    if (text.endsWith("*"))
      tell(
        "iam/no-redirect-wildcard",
        "warning",
        path,
        `${shown} lets a login come back to anything that begins so`,
        "write each redirect URI in full",
      );
    else if (text.includes("*"))
      tell(
        "iam/no-redirect-wildcard",
        "warning",
        path,
        `${shown}: only a last * stands for anything, this one stands for itself`,
        "write each redirect URI in full",
      );
    const plain = /^http:\/\/([^/?#]*)/i.exec(text);
    if (plain && !isLoopback(plain[1] ?? ""))
      tell(
        "iam/no-plain-http-redirect",
        "warning",
        path,
        `${shown} takes the code over plain http, where everybody on the way reads it`,
        "serve it by https and write https://",
      );
  }
}

function isLoopback(authority: string): boolean {
  const host = authority.replace(/:\d+$/, "").toLowerCase();
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The audiences that a client's own mappers add to its access tokens. */
function audiences(client: Json): string[] {
  return recordsAt(client.protocolMappers, [])
    .filter(
      ({ item }) =>
        item.protocolMapper === "oidc-audience-mapper" && isOn(field(item.config, "access.token.claim")),
    )
    .flatMap(({ item }) =>
      ["included.client.audience", "included.custom.audience"].map((key) => field(item.config, key)),
    )
    .filter((audience) => typeof audience === "string");
}

/** Group mappers that give paths: `/developer` is no group of any binding. */
export function checkGroupMappers(realm: Json, tell: Tell): void {
  const owners = [
    ...recordsAt(realm.clients, ["clients"]),
    ...recordsAt(realm.clientScopes, ["clientScopes"]),
  ];
  for (const owner of owners)
    for (const { item, at } of recordsAt(owner.item.protocolMappers, [...owner.at, "protocolMappers"]))
      if (item.protocolMapper === "oidc-group-membership-mapper" && isOn(field(item.config, "full.path")))
        tell(
          "iam/no-full-group-path",
          "warning",
          [...at, "config", "full.path"],
          `mapper ${show(item.name)} gives groups as paths: "/developer"`,
          'write "full.path": "false", or name the groups of bindings with their slash',
        );
}
