import type { Finding } from "@ashlar/core";
import { findingAbout } from "@ashlar/core";
import { field, suggestName } from "../keycloak/check/report.ts";
import type { AccessBinding } from "../rbac/objects.ts";
import { kubectlClient, SOMEBODY, seenAs } from "./explain-login.ts";
import { aboutAuthentication, aboutRealm, authenticationPlace, objectPlace, realmPlace } from "./facts.ts";
import { type IdentityModel, issuerOf } from "./model.ts";
import type { ClientFacts, RealmFacts } from "./read-realm.ts";
import { tokensOf } from "./token.ts";

const MAPPERS = [
  "oidc-usermodel-client-role-mapper",
  "oidc-usermodel-realm-role-mapper",
  "oidc-group-membership-mapper",
];

/** Groups that tokens bring against groups that bindings name. */
export function groupFindings(model: IdentityModel): Finding[] {
  const { authenticator } = model;
  const realm = authenticator && model.realms.get(authenticator.realm);
  const client = realm?.clients.get(kubectlClient(model) ?? "");
  if (authenticator === undefined || realm === undefined || client === undefined || realm.groups.size === 0)
    return [];
  const mismatch = claimFinding(model, realm, client);
  if (mismatch !== undefined) return [mismatch];
  const issued = issuedGroups(model, realm, client);
  if (issued === undefined) return [];
  const bound = new Set(ownBindings(model).flatMap(({ subjects }) => subjects.map(({ name }) => name)));
  const unissued = unissuedGroups(model, realm, client, issued, bound);
  // A binding that means a group by another name has its finding already.
  const meant = new Set([...bound, ...unissued.flatMap((group) => group.meant ?? [])]);
  return [...unissued.map(({ finding }) => finding), ...unboundFindings(model, realm, issued, meant)];
}

/** The API server reads one claim, and the client's mapper writes another. */
function claimFinding(model: IdentityModel, realm: RealmFacts, client: ClientFacts): Finding | undefined {
  const { authenticator } = model;
  const claim = authenticator?.jwt.claimMappings.groups?.claim;
  if (authenticator === undefined || claim === undefined || claim === "") return undefined;
  const { idToken, unknownMappers } = tokensOf(realm, client, "", {
    client: client.id,
    user: SOMEBODY,
    groups: [...realm.groups.keys()],
  });
  if (Object.hasOwn(idToken, claim) || unknownMappers.length > 0) return undefined;
  const mapper = realm
    .mappersOf(client)
    .find(({ item, at }) => at !== undefined && MAPPERS.includes(String(item.protocolMapper)));
  const written = mapper && field(mapper.item.config, "claim.name");
  const path = `jwt[${authenticator.index}].claimMappings.groups.claim`;
  return aboutAuthentication(
    "iam/no-groups-claim-mismatch",
    "error",
    path,
    `the API server reads groups from the claim ${JSON.stringify(claim)}, which no ID token of ${client.id} has`,
    typeof written === "string" && written !== claim
      ? `read the claim ${JSON.stringify(written)}, or let the mapper write ${JSON.stringify(claim)}`
      : `add a mapper to the client that puts its roles into the claim ${JSON.stringify(claim)} of the ID token`,
    [
      realmPlace(
        realm,
        mapper?.at ?? client.at,
        mapper
          ? `the mapper writes ${JSON.stringify(written)}`
          : `client ${client.id} has no mapper for groups`,
      ),
    ],
  );
}

/** Each group that the API server sees in some token, with the realm's groups that bring it; `undefined`: not known. */
function issuedGroups(
  model: IdentityModel,
  realm: RealmFacts,
  client: ClientFacts,
): ReadonlyMap<string, string> | undefined {
  const issued = new Map<string, string>();
  for (const path of realm.groups.keys()) {
    const { idToken, unknownMappers } = tokensOf(realm, client, issuerOf(model, realm.name), {
      client: client.id,
      user: SOMEBODY,
      groups: [path],
    });
    const seen = seenAs(model, idToken);
    // A refused token has a finding of its own (issuer, audience), or hangs on what is not modelled.
    if (unknownMappers.length > 0 || !seen?.ok) return undefined;
    for (const group of seen.groups)
      if (group !== "system:authenticated" && !issued.has(group)) issued.set(group, path);
  }
  return issued;
}

/** A group in a binding that no token brings, and the group that is likely meant. */
interface Unissued {
  readonly finding: Finding;
  readonly meant?: string;
}

function unissuedGroups(
  model: IdentityModel,
  realm: RealmFacts,
  client: ClientFacts,
  issued: ReadonlyMap<string, string>,
  bound: ReadonlySet<string>,
): Unissued[] {
  const prefix = model.authenticator?.jwt.claimMappings.groups?.prefix ?? "";
  const isOnly = model.options.authentication?.jwt.length === 1;
  const prefixPlace = authenticationPlace(
    `jwt[${model.authenticator?.index}].claimMappings.groups.prefix`,
    `the prefix is ${JSON.stringify(prefix)}`,
  );
  const unissued = ({ resource }: AccessBinding, index: number, name: string): Unissued[] => {
    const bare = name.slice(name.lastIndexOf(":") + 1);
    const meant = [`${prefix}${name}`, `${prefix}${bare}`, bare].find((group) => issued.has(group));
    const about = { code: "iam/no-unissued-group", path: `subjects[${index}].name` };
    if (meant !== undefined && !bound.has(meant)) {
      const group = issued.get(meant) ?? "";
      const finding = findingAbout(resource, model.options.locate, {
        ...about,
        severity: "error",
        message: `the binding names ${JSON.stringify(name)}, and tokens bring ${JSON.stringify(meant)}`,
        hint: `write ${JSON.stringify(meant)}`,
        related: [prefixPlace, realmPlace(realm, realm.groups.get(group)?.at ?? client.at, `group ${group}`)],
      });
      return [{ finding, meant }];
    }
    // Other groups may come from certificates, or from another issuer.
    if (!isOnly || prefix === "" || !name.startsWith(prefix)) return [];
    const finding = findingAbout(resource, model.options.locate, {
      ...about,
      severity: "warning",
      message: `no token brings the group ${JSON.stringify(name)}`,
      hint: suggestName(name, issued.keys()),
      related: [prefixPlace, realmPlace(realm, client.at, `client ${client.id}`)],
    });
    return [{ finding }];
  };
  return ownBindings(model).flatMap((binding) =>
    binding.subjects.flatMap(({ kind, name }, i) =>
      kind !== "Group" || issued.has(name) || name.startsWith("system:") ? [] : unissued(binding, i, name),
    ),
  );
}

function unboundFindings(
  model: IdentityModel,
  realm: RealmFacts,
  issued: ReadonlyMap<string, string>,
  bound: ReadonlySet<string>,
): Finding[] {
  const other = ownBindings(model).find(({ subjects }) => subjects.some(({ kind }) => kind === "Group"));
  if (other === undefined) return [];
  const related = [objectPlace(model, other.resource, "subjects", "binds another group")];
  return [...issued].flatMap(([group, path]) =>
    bound.has(group)
      ? []
      : [
          aboutRealm(
            realm,
            "iam/no-unbound-group",
            "warning",
            realm.groups.get(path)?.at ?? ["groups"],
            `members of ${path} come as group ${JSON.stringify(group)}, which no binding names: it gives them nothing`,
            `bind ${JSON.stringify(group)} to a role, or take its role from the group`,
            related,
          ),
        ],
  );
}

/** Bindings of the set, without those that Kubernetes makes by itself. */
function ownBindings({ access }: IdentityModel): AccessBinding[] {
  return access.bindings.filter(({ builtin }) => !builtin);
}
