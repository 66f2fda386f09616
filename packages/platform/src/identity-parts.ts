import { groups, oidc, realm, serviceAccount } from "@ashlar/iam/blocks";
import { loginsOf } from "./edge-parts.ts";
import { namespacesOf, type ParsedPlatform } from "./intent.ts";
import type { Part } from "./part.ts";

/** What the API server puts before groups when the platform says nothing of logins. */
const GROUPS_PREFIX = "oidc:";

/** The groups of a platform, and what the API server puts before their names. */
export function groupsOf(intent: ParsedPlatform): {
  readonly names: readonly string[];
  readonly prefix: string;
} {
  const { groupsPrefix } = (intent.oidc ?? {}) as { readonly groupsPrefix?: unknown };
  return {
    names: Object.keys(intent.groups),
    prefix: typeof groupsPrefix === "string" ? groupsPrefix : GROUPS_PREFIX,
  };
}

/** The blocks behind the keys about identity. */
export function identityParts(intent: ParsedPlatform): Part[] {
  return [...groupParts(intent), ...accountParts(intent), ...oidcParts(intent), ...realmParts(intent)];
}

function groupParts(intent: ParsedPlatform): Part[] {
  if (Object.keys(intent.groups).length + Object.keys(intent.roles).length === 0) return [];
  const built = groups.safe({
    groups: intent.groups,
    prefix: groupsOf(intent).prefix,
    namespaces: namespacesOf(intent),
    roles: intent.roles,
    given: givenRoles(intent),
  });
  return [{ built, path: (path) => (path === "prefix" ? "oidc.groupsPrefix" : path) }];
}

function accountParts(intent: ParsedPlatform): Part[] {
  return Object.entries(intent.serviceAccounts).map(([key, options]) => {
    const [namespace = "", name = ""] = key.split("/");
    const built = serviceAccount.safe({
      ...(options as object),
      namespace,
      name,
      namespaces: namespacesOf(intent),
      given: withOwnRoles(intent),
    });
    const place = `serviceAccounts["${key}"]`;
    return { built, path: (path) => (/^(name|namespace)$/.test(path) ? place : `${place}.${path}`) };
  });
}

function oidcParts(intent: ParsedPlatform): Part[] {
  if (intent.oidc === undefined) return [];
  const { kubernetes } = intent.versions;
  const built = oidc.safe({ ...intent.oidc, ...(kubernetes !== undefined && { kubernetes }) });
  return [{ built, path: (path) => (path === "kubernetes" ? "versions.kubernetes" : `oidc.${path}`) }];
}

function realmParts(intent: ParsedPlatform): Part[] {
  const { keycloak } = intent.versions;
  return Object.entries(intent.realms).map(([name, options]) => {
    const built = realm.safe({
      ...withLogins(intent, name, options),
      name,
      ...(keycloak !== undefined && { keycloak }),
    });
    const place = `realms["${name}"]`;
    return {
      built,
      path: (path) =>
        path === "name" ? place : path === "keycloak" ? "versions.keycloak" : `${place}.${path}`,
    };
  });
}

/** A realm whose clients know the hosts of the apps that log in through them. */
function withLogins(
  intent: ParsedPlatform,
  name: string,
  options: Readonly<Record<string, unknown>>,
): object {
  const { issuer } = (intent.edge?.auth ?? intent.oidc ?? {}) as { readonly issuer?: unknown };
  const url = issuer ?? (intent.oidc as { readonly issuer?: unknown } | undefined)?.issuer;
  if (typeof url !== "string" || !url.endsWith(`/realms/${name}`)) return options;
  const clients = { ...(options.clients as Readonly<Record<string, unknown>> | undefined) };
  for (const [id, logins] of loginsOf(intent)) {
    const client = clients[id] as { readonly logins?: readonly unknown[] } | undefined;
    if (client !== undefined) clients[id] = { ...client, logins: [...(client.logins ?? []), ...logins] };
  }
  return { ...options, ...(Object.keys(clients).length > 0 && { clients }) };
}

interface GivenRoles {
  readonly clusterRoles: string[];
  readonly roles: Record<string, string[]>;
}

/** Roles that the platform takes as given, as objects or by their names. */
function givenRoles({ given }: ParsedPlatform): GivenRoles {
  const found: GivenRoles = { clusterRoles: [], roles: {} };
  for (const item of given) {
    const { kind, name, namespace } = nameOfGiven(item);
    if (kind === "ClusterRole") found.clusterRoles.push(name);
    if (kind === "Role" && namespace !== undefined) addRole(found, namespace, name);
  }
  return found;
}

function addRole({ roles }: GivenRoles, namespace: string, name: string): void {
  roles[namespace] = [...(roles[namespace] ?? []), name];
}

/** An object, or `KIND/NAME`, `NAMESPACE/KIND/NAME`. */
function nameOfGiven(item: ParsedPlatform["given"][number]): ResourceName {
  if (typeof item !== "string") return { kind: item.kind, ...item.metadata };
  const [name = "", kind = "", namespace] = item.split("/").reverse();
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

interface ResourceName {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** ServiceAccounts may have the platform's own roles too. */
function withOwnRoles(intent: ParsedPlatform): GivenRoles {
  const found = givenRoles(intent);
  for (const [name, role] of Object.entries(intent.roles)) {
    if (Array.isArray(role)) found.clusterRoles.push(name);
    else
      for (const namespace of (role as { namespaces?: string[] }).namespaces ?? [])
        addRole(found, namespace, name);
  }
  return found;
}
