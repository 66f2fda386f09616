import { applyMapper, type TokenUser } from "./mappers.ts";
import type { ClientFacts, RealmFacts } from "./read-realm.ts";
import { type HeldRole, type Membership, rolesInScope, rolesOfUser } from "./roles.ts";

/** Who logs in where. */
export interface Login extends Membership {
  /** Id of the client. */
  readonly client: string;
  readonly user?: TokenUser;
}

/**
 * The claims of both tokens of a login, but for those of the moment and the session (`exp`, `iat`, `auth_time`, `jti`,
 * `nonce`, `at_hash`, `sid`, `acr`, `scope`, `allowed-origins`). Lists of names are sorted; Keycloak's have no order.
 */
export interface Tokens {
  readonly idToken: Claims;
  readonly accessToken: Claims;
  /** The roles in the scope of the client, and how the user has them. */
  readonly roles: readonly HeldRole[];
  /** Types of mappers that are not modelled: what they add is missing here. */
  readonly unknownMappers: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

/** The tokens that Keycloak 26.7 gives for a login with the scope `openid`. */
export function tokensOf(realm: RealmFacts, client: ClientFacts, issuer: string, login: Login): Tokens {
  const roles = rolesInScope(realm, client, rolesOfUser(realm, login));
  const user = login.user ?? {};
  const unknown = new Set<string>();
  const input = { realm, client: client.id, user, groups: login.groups ?? [], roles };
  const build = (token: "id" | "access"): Claims => {
    const claims = new Map<string, unknown>();
    const audiences = new Set(token === "id" ? [client.id] : []);
    for (const mapper of realm.mappersOf(client)) {
      const mapped = applyMapper(mapper, token, input);
      if (mapped === undefined) unknown.add(String(mapper.item.protocolMapper));
      for (const [path, value] of mapped?.claims ?? []) put(claims, path, value);
      for (const audience of mapped?.audiences ?? []) audiences.add(audience);
    }
    const aud = [...audiences].sort();
    return {
      iss: issuer,
      ...(aud.length > 0 && { aud: aud.length === 1 ? aud[0] : aud }),
      azp: client.id,
      typ: token === "id" ? "ID" : "Bearer",
      ...(user.id !== undefined && { sub: user.id }),
      ...(objectOf(claims) as Claims),
    };
  };
  return { idToken: build("id"), accessToken: build("access"), roles, unknownMappers: [...unknown].sort() };
}

function put(claims: Map<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    claims.set(key, value);
    return;
  }
  const inner = claims.get(key);
  const map = inner instanceof Map ? (inner as Map<string, unknown>) : new Map<string, unknown>();
  claims.set(key, map);
  put(map, rest, value);
}

function objectOf(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...(value as Map<string, unknown>)].map(([key, inner]) => [key, objectOf(inner)]),
  );
}
