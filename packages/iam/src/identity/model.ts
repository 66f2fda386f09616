import type { Locate, Resource } from "@ashlar/core";
import type { AuthenticationConfiguration, JwtAuthenticator } from "../oidc/configuration.ts";
import { type AccessModel, accessModel } from "../rbac/model.ts";
import { type RealmFacts, type RealmSource, readRealm } from "./read-realm.ts";
import { type Login, type Tokens, tokensOf } from "./token.ts";

/** A login that somebody relies on besides kubectl's: an auth proxy before an app. */
export interface AppLogin {
  /** Realm; absent: that of the API server's issuer. */
  readonly realm?: string;
  readonly client: string;
  /** Where the login comes back to: `https://logs.example.test/oauth2/callback`. */
  readonly redirectUri: string;
  /** The token that goes on to the API server; absent: none does. */
  readonly token?: "id" | "access";
}

export interface IdentityOptions {
  readonly realms: readonly RealmSource[];
  /** What the API server reads: `authenticationConfiguration(intent)`, or `configurationFromFlags(argv)`'s. Absent: no logins. */
  readonly authentication?: AuthenticationConfiguration;
  /** The cluster's objects: bindings, and the Ingresses that serve hosts. Default: none. */
  readonly resources?: readonly Resource[];
  readonly locate?: Locate;
  /** Base URL of Keycloak: `https://iam.example.test`. Absent: that of the API server's issuer. */
  readonly keycloakUrl?: string;
  /** How kubectl logs in: the client, by default the API server's first audience, and where the login comes back to. */
  readonly kubectl?: { readonly client?: string; readonly redirectUri?: string } | false;
  /** Logins of apps. Default: none. */
  readonly logins?: readonly AppLogin[];
}

/** From the realm to the right: which tokens users get, whom the API server sees in them, which bindings they meet. */
export interface IdentityModel {
  readonly options: IdentityOptions;
  readonly realms: ReadonlyMap<string, RealmFacts>;
  readonly access: AccessModel;
  /** Base URL of Keycloak, without a slash at its end; empty: not known. */
  readonly keycloakUrl: string;
  /** The API server's authenticator whose tokens come from one of the realms. */
  readonly authenticator?: { readonly jwt: JwtAuthenticator; readonly index: number; readonly realm: string };
}

/**
 * The model of logins over realms (as code or exported), the API server's authentication and the cluster's objects.
 *
 * @example
 * const model = identityModel({ realms: [{ realm: JSON.parse(text) }], authentication, resources });
 * explainLogin(model, { groups: ["developer"] }).text;
 */
export function identityModel(options: IdentityOptions): IdentityModel {
  const realms = new Map<string, RealmFacts>();
  for (const source of options.realms) {
    const realm = readRealm(source);
    realms.set(realm.name, realm);
  }
  const jwts = options.authentication?.jwt ?? [];
  const candidates = jwts.flatMap((jwt, index) => {
    const parts = issuerParts(jwt.issuer.url);
    return parts === undefined ? [] : [{ jwt, index, ...parts }];
  });
  const found = candidates.find(({ realm }) => realms.has(realm)) ?? candidates[0];
  return {
    options,
    realms,
    access: accessModel(options.resources ?? [], options.locate ? { locate: options.locate } : {}),
    keycloakUrl: (options.keycloakUrl ?? found?.base ?? "").replace(/\/+$/, ""),
    ...(found && { authenticator: { jwt: found.jwt, index: found.index, realm: found.realm } }),
  };
}

/** `https://iam.example.test/realms/platform` in parts; `undefined`: no realm of Keycloak. */
export function issuerParts(url: string): { readonly base: string; readonly realm: string } | undefined {
  const match = /^(.*)\/realms\/([^/?#]+)\/*$/.exec(url);
  return match ? { base: match[1] ?? "", realm: decoded(match[2] ?? "") } : undefined;
}

/** The issuer in tokens of a realm; Keycloak's have no slash at the end. */
export function issuerOf(model: IdentityModel, realm: string): string {
  return `${model.keycloakUrl}/realms/${encodeURIComponent(realm)}`;
}

/**
 * The claims of the tokens that a login gives.
 *
 * @returns `undefined` when the model has no such realm or client
 * @example tokenOf(model, { realm: "platform", client: "kubernetes", groups: ["developer"] })?.idToken.groups // ["developer"]
 */
export function tokenOf(model: IdentityModel, login: Login & { readonly realm: string }): Tokens | undefined {
  const realm = model.realms.get(login.realm);
  const client = realm?.clients.get(login.client);
  return realm && client && tokensOf(realm, client, issuerOf(model, login.realm), login);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
