import { field, isOn } from "../keycloak/check/report.ts";
import type { MapperFacts, RealmFacts } from "./read-realm.ts";
import { groupPath, type HeldRole } from "./roles.ts";

/** Who logs in. */
export interface TokenUser {
  readonly username?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Keycloak's id of the user, `sub` of tokens. */
  readonly id?: string;
  /** Further attributes by name. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What mappers work on. */
export interface MapperInput {
  readonly realm: RealmFacts;
  readonly client: string;
  readonly user: TokenUser;
  readonly groups: readonly string[];
  /** The roles in the scope of the client. */
  readonly roles: readonly HeldRole[];
}

/** Claims that a mapper adds; `aud` collects, the others replace. */
export interface Mapped {
  readonly claims: readonly (readonly [path: readonly string[], value: unknown])[];
  readonly audiences: readonly string[];
}

const NOTHING: Mapped = { claims: [], audiences: [] };

/** Mappers that speak of the session or the moment, not of who the user is. */
const LEFT_OUT: readonly string[] = [
  "oidc-acr-mapper",
  "oidc-allowed-origins-mapper",
  "oidc-amr-mapper",
  "oidc-nonce-backwards-compatible-mapper",
  "oidc-session-state-mapper",
  "oidc-sub-mapper",
  "oidc-usersessionmodel-note-mapper",
];

/** What a mapper of Keycloak 26.7 puts into a token; `undefined`: a type that is not modelled. */
export function applyMapper(
  { item }: MapperFacts,
  token: "id" | "access",
  input: MapperInput,
): Mapped | undefined {
  const config = (key: string): string => {
    const value = field(item.config, key);
    return typeof value === "string" ? value : "";
  };
  const type = String(item.protocolMapper);
  if (LEFT_OUT.includes(type)) return NOTHING;
  if (!isOn(field(item.config, `${token}.token.claim`))) return MODELLED.includes(type) ? NOTHING : undefined;
  const claim = claimPath(config("claim.name"));
  const one = (value: unknown): Mapped =>
    value === undefined || claim.length === 0 ? NOTHING : { claims: [[claim, value]], audiences: [] };
  const list = (values: readonly string[]) => {
    if (values.length === 0) return NOTHING;
    return one(isOn(field(item.config, "multivalued")) ? values : values[0]);
  };
  const namesOf = (client: string | undefined, prefix: string) =>
    input.roles
      .filter(({ role }) => role.client === client)
      .map(({ role }) => `${prefix}${role.name}`)
      .sort();
  switch (type) {
    case "oidc-usermodel-realm-role-mapper":
      return list(namesOf(undefined, config("usermodel.realmRoleMapping.rolePrefix")));
    case "oidc-usermodel-client-role-mapper":
      return clientRoles(input, config, namesOf, list);
    case "oidc-group-membership-mapper": {
      const whole = isOn(field(item.config, "full.path"));
      const paths = input.groups.map(groupPath).filter((path) => input.realm.groups.has(path));
      const names = [
        ...new Set(paths.map((path) => (whole ? path : path.slice(path.lastIndexOf("/") + 1)))),
      ].sort();
      return names.length === 0 ? NOTHING : one(names);
    }
    case "oidc-audience-mapper": {
      const audience = config("included.client.audience") || config("included.custom.audience");
      return audience === "" ? NOTHING : { claims: [], audiences: [audience] };
    }
    case "oidc-audience-resolve-mapper": {
      const clients = input.roles.flatMap(({ role }) => role.client ?? []);
      return { claims: [], audiences: [...new Set(clients)].filter((id) => id !== input.client).sort() };
    }
    case "oidc-hardcoded-claim-mapper":
      return one(typed(config("claim.value"), config("jsonType.label")));
    case "oidc-full-name-mapper": {
      const name = [input.user.firstName, input.user.lastName]
        .filter((part) => part !== undefined && part !== "")
        .join(" ");
      return name === "" ? NOTHING : { claims: [[["name"], name]], audiences: [] };
    }
    case "oidc-usermodel-attribute-mapper":
    case "oidc-usermodel-property-mapper":
      return one(attributeOf(input.user, config("user.attribute"), config("jsonType.label")));
    default:
      return undefined;
  }
}

const MODELLED: readonly string[] = [
  "oidc-audience-mapper",
  "oidc-audience-resolve-mapper",
  "oidc-full-name-mapper",
  "oidc-group-membership-mapper",
  "oidc-hardcoded-claim-mapper",
  "oidc-usermodel-attribute-mapper",
  "oidc-usermodel-client-role-mapper",
  "oidc-usermodel-property-mapper",
  "oidc-usermodel-realm-role-mapper",
];

/** Of one client; or, with none named, of every one: apart where the claim's name has `${client_id}`, else together. */
function clientRoles(
  input: MapperInput,
  config: (key: string) => string,
  namesOf: (client: string, prefix: string) => string[],
  list: (values: readonly string[]) => Mapped,
): Mapped {
  const prefix = config("usermodel.clientRoleMapping.rolePrefix");
  const named = config("usermodel.clientRoleMapping.clientId");
  const clients =
    named === "" ? [...new Set(input.roles.flatMap(({ role }) => role.client ?? []))].sort() : [named];
  const pattern = config("claim.name");
  if (!pattern.includes(CLIENT_ID))
    return list([...new Set(clients.flatMap((id) => namesOf(id, prefix)))].sort());
  const claims = clients.flatMap((id) => {
    const path = claimPath(pattern).map((part) => part.replace(CLIENT_ID, () => id));
    return list(namesOf(id, prefix)).claims.map(([, value]) => [path, value] as const);
  });
  return { claims, audiences: [] };
}

const CLIENT_ID = `\${client_id}`;

/** `a.b` is b within a; `a\.b` is one name. */
function claimPath(name: string): string[] {
  return name === "" ? [] : name.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
}

function attributeOf(user: TokenUser, name: string, type: string): unknown {
  if (name === "emailVerified") return user.emailVerified ?? false;
  const own = {
    username: user.username,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
  };
  const value = Object.hasOwn(own, name)
    ? own[name as keyof typeof own]
    : Object.hasOwn(user.attributes ?? {}, name)
      ? user.attributes?.[name]
      : undefined;
  return value === undefined ? undefined : typed(value, type);
}

function typed(value: string, type: string): unknown {
  if (type === "boolean") return value.toLowerCase() === "true";
  if (type === "int" || type === "long") return /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
  return value;
}
