import type { AuthenticationConfiguration, JwtAuthenticator } from "./configuration.ts";
import { evaluate, type Variables } from "./expressions.ts";
import { RefusedToken } from "./refused-token.ts";
import { expandable, type Token, verifyToken } from "./verify-token.ts";

/** The user that the API server sees, or why there is none. */
export type Authentication =
  | {
      readonly ok: true;
      readonly user: string;
      /** As in a SelfSubjectReview: those of the token with their prefix, then `system:authenticated`. */
      readonly groups: readonly string[];
      readonly uid?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    }
  | {
      readonly ok: false;
      /** `false`: it hangs on what cannot be known here, such as a CEL expression outside of the part that is read. */
      readonly refused: boolean;
      /** The server's own words, as it logs them; the client only sees 401. */
      readonly reason: string;
    };

export interface AuthenticateOptions {
  /** Seconds since 1970: tokens that end before are refused. */
  readonly now: number;
}

/**
 * What kube-apiserver makes of the claims of an ID token whose signature is right (algorithm and key are not looked at):
 * the issuer, audience and times of the token, then user, groups, uid, extra, required claims and validation rules, in the
 * server's order (apiserver/plugin/pkg/authenticator/token/oidc of 1.36). For flags give `configurationFromFlags(argv)`'s
 * configuration, for an intent `authenticationConfiguration(intent)`.
 *
 * @example
 * authenticate(configuration, { iss: "https://iam.example.test/realms/a", aud: "kubernetes", sub: "1", exp: 2000,
 *   groups: ["developer"] }, { now: 1000 })
 * // { ok: true, user: "oidc:1", groups: ["oidc:developer", "system:authenticated"] }
 */
export function authenticate(
  configuration: AuthenticationConfiguration,
  claims: Readonly<Record<string, unknown>>,
  { now }: AuthenticateOptions,
): Authentication {
  const issuer = claims.iss === "accounts.google.com" ? "https://accounts.google.com" : claims.iss;
  const jwt = (configuration.jwt ?? []).find(({ issuer: { url } }) => url === issuer);
  if (jwt === undefined) return refused(`no authenticator for the issuer ${shown(claims.iss)}`);
  try {
    const token: Token = new Map(Object.entries(claims).filter(([, value]) => value !== undefined));
    verifyToken(token, jwt, now);
    return userOf(jwt, token);
  } catch (error) {
    if (error instanceof RefusedToken) return { ok: false, refused: !error.isUnknown, reason: error.message };
    throw error;
  }
}

function userOf(jwt: JwtAuthenticator, token: Token): Authentication {
  const { claimMappings: mappings } = jwt;
  if (mappings.groups?.claim && expandable(token, mappings.groups.claim))
    throw new RefusedToken(
      "the groups are a distributed claim, which the server fetches from elsewhere",
      true,
    );
  const variables: Variables = { claims: Object.fromEntries(token) };
  const user = usernameOf(mappings.username, token, variables);
  const groups = groupsOf(mappings.groups, token, variables);
  const uid = uidOf(mappings.uid, token, variables);
  const extra = extraOf(mappings.extra, token, variables);
  for (const { claim, requiredValue = "" } of jwt.claimValidationRules ?? []) {
    if (!claim) continue;
    if (!token.has(claim)) throw new RefusedToken(`oidc: required claim ${claim} not present in ID token`);
    const value = textOf(token.get(claim), `oidc: parse claim ${claim}`);
    if (value !== requiredValue)
      throw new RefusedToken(
        `oidc: required claim ${claim} value does not match. Got = ${value}, want = ${requiredValue}`,
      );
  }
  for (const { expression, message = "" } of jwt.claimValidationRules ?? [])
    if (expression) mustHold("claim validation expression", expression, message, variables);
  const account = { username: user, groups, uid, extra };
  for (const { expression, message = "" } of jwt.userValidationRules ?? [])
    mustHold("user info validation rule", expression, message, { user: account });
  return {
    ok: true,
    user,
    groups: withAuthenticated(user, groups),
    ...(uid !== "" && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function usernameOf(
  { claim = "", prefix = "", expression }: JwtAuthenticator["claimMappings"]["username"],
  token: Token,
  variables: Variables,
): string {
  if (expression) {
    const value = resultOf("username claim expression", expression, variables);
    if (typeof value !== "string")
      throw new RefusedToken(
        "oidc: error evaluating username claim expression: username claim expression must return a string",
      );
    if (value === "") throw new RefusedToken("oidc: empty username via CEL expression is not allowed");
    return value;
  }
  const problem = `oidc: parse username claims ${JSON.stringify(claim)}`;
  if (!token.has(claim)) throw new RefusedToken(`${problem}: claim not present`);
  const name = textOf(token.get(claim), problem);
  if (claim === "email" && token.has("email_verified")) {
    const verified = token.get("email_verified");
    if (typeof verified !== "boolean" && verified !== null)
      throw new RefusedToken("oidc: parse 'email_verified' claim: it is no boolean");
    if (!verified) throw new RefusedToken("oidc: email not verified");
  }
  return prefix + name;
}

function groupsOf(
  mapping: JwtAuthenticator["claimMappings"]["groups"],
  token: Token,
  variables: Variables,
): readonly string[] {
  const { claim, prefix = "", expression } = mapping ?? {};
  if (claim && token.has(claim)) {
    const value = token.get(claim);
    if (value === null) return [];
    const list = Array.isArray(value) ? value : [value];
    return list.map(
      (group: unknown) => prefix + textOf(group, `oidc: parse groups claim ${JSON.stringify(claim)}`),
    );
  }
  return expression ? stringList("group claim expression", expression, variables) : [];
}

function uidOf(
  mapping: JwtAuthenticator["claimMappings"]["uid"],
  token: Token,
  variables: Variables,
): string {
  const { claim, expression } = mapping ?? {};
  if (claim) {
    const problem = `oidc: parse uid claim ${JSON.stringify(claim)}`;
    if (!token.has(claim)) throw new RefusedToken(`${problem}: claim not present`);
    return textOf(token.get(claim), problem);
  }
  if (!expression) return "";
  const value = resultOf("uid claim expression", expression, variables);
  if (typeof value === "string") return value;
  throw new RefusedToken(
    "oidc: error evaluating uid claim expression: uid claim expression must return a string",
  );
}

function extraOf(
  mappings: JwtAuthenticator["claimMappings"]["extra"],
  token: Token,
  variables: Variables,
): Record<string, readonly string[]> {
  const id = token.get("jti");
  const extra = new Map<string, readonly string[]>();
  if (typeof id === "string" && id !== "")
    extra.set("authentication.kubernetes.io/credential-id", [`JTI=${id}`]);
  for (const { key, valueExpression } of mappings ?? []) {
    const values = stringList("extra claim expression", valueExpression, variables);
    if (values.length > 0) extra.set(key, values);
  }
  return Object.fromEntries(extra);
}

/** A claim as Go reads it into a string: null is the empty one. */
function textOf(value: unknown, problem: string): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  throw new RefusedToken(`${problem}: it is no string`);
}

function resultOf(what: string, expression: string, variables: Variables): unknown {
  const result = evaluate(expression, variables);
  if (result.kind === "unknown")
    throw new RefusedToken(
      `the ${what} ${JSON.stringify(expression)} is not read here: ${result.reason}`,
      true,
    );
  if (result.kind === "error") throw new RefusedToken(`oidc: error evaluating ${what}: ${result.reason}`);
  return result.value;
}

/** Empty strings count as absent, and null as an empty list (convertCELValueToStringList). */
function stringList(what: string, expression: string, variables: Variables): readonly string[] {
  const value = resultOf(what, expression, variables);
  const list: readonly unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
  if (!list.every((text) => typeof text === "string"))
    throw new RefusedToken(
      `oidc: error evaluating ${what}: expression must return a string or a list of strings`,
    );
  return list.filter((text) => text !== "");
}

function mustHold(what: string, expression: string, message: string, variables: Variables): void {
  const value = resultOf(what, expression, variables);
  if (typeof value !== "boolean")
    throw new RefusedToken(`oidc: error evaluating ${what}: validation expression must return a boolean`);
  if (!value)
    throw new RefusedToken(
      `oidc: error evaluating ${what}: validation expression '${expression}' failed: ${message}`,
    );
}

/** AuthenticatedGroupAdder of the API server: not for the anonymous user, and not beside one of both groups. */
function withAuthenticated(user: string, groups: readonly string[]): readonly string[] {
  const has = groups.includes("system:authenticated") || groups.includes("system:unauthenticated");
  return user === "system:anonymous" || has ? groups : [...groups, "system:authenticated"];
}

function refused(reason: string): Authentication {
  return { ok: false, refused: true, reason };
}

function shown(value: unknown): string {
  return value === undefined ? "of none" : (JSON.stringify(value) ?? "").slice(0, 200);
}
