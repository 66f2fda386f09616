import { formatRef, type Place, type ResourceRef, refOf } from "@ashlar/core";
import { type Authentication, authenticate } from "../oidc/authenticate.ts";
import type { AccessBinding } from "../rbac/objects.ts";
import type { TokenUser } from "./mappers.ts";
import { type IdentityModel, issuerOf } from "./model.ts";
import type { HeldRole, Membership } from "./roles.ts";
import { type Claims, type Tokens, tokensOf } from "./token.ts";

export interface LoginQuestion extends Membership {
  /** Realm; absent: that of the API server's issuer. */
  readonly realm?: string;
  /** Client; absent: kubectl's. */
  readonly client?: string;
  readonly user?: TokenUser;
  /** The token that the API server gets: kubectl and oauth2-proxy send the ID token, gatekeeper the access token. Default: id. */
  readonly token?: "id" | "access";
}

/** A binding that a login meets. */
export interface LoginBinding {
  readonly binding: ResourceRef;
  readonly at?: Place;
  readonly role: { readonly kind: string; readonly name: string };
  /** Where it holds; absent: in the whole cluster. */
  readonly namespace?: string;
  /** The user's name or group in the binding. */
  readonly subject: string;
}

/** A login from the group to the right. What could not be found out is absent, and the text says why. */
export interface LoginExplanation {
  readonly realm: string;
  readonly client: string;
  /** The roles in the token, and how the user has them. */
  readonly roles: readonly HeldRole[];
  readonly tokens?: Tokens;
  /** Whom the API server sees. */
  readonly authentication?: Authentication;
  readonly bindings: readonly LoginBinding[];
  readonly text: string;
}

/**
 * How a login becomes rights: groups → realm roles → client roles → claims → the API server's user and groups → bindings.
 *
 * @example
 * explainLogin(model, { groups: ["developer"] }).text;
 * // login of developer to kubernetes in realm platform
 * //   role    group /developer -> developer -> kubernetes/developer
 * //   claim   groups = ["developer"]
 * //   seen as user oidc:… with groups oidc:developer, system:authenticated
 * //   binding RoleBinding dev/developer:admin (rbac.yaml:12): ClusterRole admin in dev
 */
export function explainLogin(model: IdentityModel, question: LoginQuestion): LoginExplanation {
  const realmName = question.realm ?? model.authenticator?.realm ?? [...model.realms.keys()][0] ?? "";
  const clientId = question.client ?? kubectlClient(model) ?? "";
  const { groups = [], user = SOMEBODY } = question;
  const who = question.user?.username ?? (groups.length > 0 ? groups.join(", ") : "a user without groups");
  const head = `login of ${who} to ${clientId} in realm ${realmName}`;
  const base = { realm: realmName, client: clientId, roles: [], bindings: [] };
  const realm = model.realms.get(realmName);
  if (realm === undefined) return { ...base, text: `${head}\n  unknown no realm ${realmName} is known\n` };
  const client = realm.clients.get(clientId);
  if (client === undefined)
    return { ...base, text: `${head}\n  unknown realm ${realmName} has no client ${clientId}\n` };
  const missing = groups.filter((group) => !realm.groups.has(group.startsWith("/") ? group : `/${group}`));
  const tokens = tokensOf(realm, client, issuerOf(model, realmName), { ...question, user, client: clientId });
  const claims = question.token === "access" ? tokens.accessToken : tokens.idToken;
  const authentication = seenAs(model, claims);
  const bindings = authentication?.ok ? bindingsOf(model, authentication) : [];
  const lines = [
    head,
    ...missing.map((group) => `  unknown realm ${realmName} has no group ${group}`),
    ...tokens.roles.map(({ by }) => `  role    ${by.join(" -> ")}`),
    ...(tokens.roles.length === 0 ? ["  role    none in the scope of the client"] : []),
    ...claimLines(model, claims),
    ...tokens.unknownMappers.map((type) => `  unknown what mappers of type ${type} add`),
    `  seen as ${seenText(authentication)}`,
    ...bindings.map(bindingText),
    ...(authentication?.ok && bindings.length === 0 ? ["  binding none: it may do nothing"] : []),
  ];
  return {
    ...base,
    roles: tokens.roles,
    tokens,
    ...(authentication && { authentication }),
    bindings,
    text: `${lines.join("\n")}\n`,
  };
}

/** The client of kubectl; `undefined`: kubectl does not log in here. */
export function kubectlClient({ options, authenticator }: IdentityModel): string | undefined {
  if (options.kubectl === false) return undefined;
  return options.kubectl?.client ?? authenticator?.jwt.issuer.audiences[0];
}

/** Stands for whoever logs in, where a question names nobody. */
export const SOMEBODY: TokenUser = {
  id: "USER-ID",
  username: "USER",
  email: "USER@example.test",
  emailVerified: true,
};

/** What the API server makes of the claims at a moment when the token is valid. */
export function seenAs(model: IdentityModel, claims: Claims): Authentication | undefined {
  const { authentication } = model.options;
  if (authentication === undefined) return undefined;
  const now = 1_000_000;
  return authenticate(authentication, { sub: SOMEBODY.id, ...claims, exp: now + 300, iat: now }, { now });
}

/** Bindings of the set that name the user or one of the groups; those that Kubernetes makes for everybody are left out. */
function bindingsOf(
  model: IdentityModel,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): LoginBinding[] {
  return model.access.bindings.flatMap((binding) => {
    if (binding.builtin) return [];
    const index = binding.subjects.findIndex(
      ({ kind, name }) => (kind === "User" && name === user) || (kind === "Group" && groups.includes(name)),
    );
    return index < 0 ? [] : [loginBinding(model, binding, index)];
  });
}

function loginBinding({ access }: IdentityModel, binding: AccessBinding, index: number): LoginBinding {
  const at = access.locate?.(binding.resource, `subjects[${index}]`);
  return {
    binding: refOf(binding.resource),
    ...(at && { at }),
    role: binding.role,
    ...(binding.kind === "RoleBinding" && { namespace: binding.namespace }),
    subject: binding.subjects[index]?.name ?? "",
  };
}

function claimLines({ authenticator }: IdentityModel, claims: Claims): string[] {
  const { username, groups } = authenticator?.jwt.claimMappings ?? {};
  const names = [...new Set(["iss", "aud", username?.claim ?? "", groups?.claim ?? ""])].filter(
    (name) => name !== "",
  );
  return names.map(
    (name) => `  claim   ${name} = ${Object.hasOwn(claims, name) ? JSON.stringify(claims[name]) : "absent"}`,
  );
}

function seenText(authentication: Authentication | undefined): string {
  if (authentication === undefined) return "unknown: the API server's authentication is not given";
  if (authentication.ok) return `user ${authentication.user} with groups ${authentication.groups.join(", ")}`;
  return authentication.refused
    ? `nobody, 401: ${authentication.reason}`
    : `unknown: ${authentication.reason}`;
}

function bindingText({ binding, at, role, namespace }: LoginBinding): string {
  const place = at ? ` (${at.file}:${at.line})` : "";
  return `  binding ${formatRef(binding)}${place}: ${role.kind} ${role.name} ${namespace === undefined ? "in the whole cluster" : `in ${namespace}`}`;
}
