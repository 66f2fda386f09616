import type { Grant, HeldPower, Powers } from "./holders.ts";
import { type Power, rightName } from "./powers.ts";

/** A place in the graph of who can become whom; the functions below make them. */
export type Node = string;

/** Every right of the cluster. */
export const EVERYTHING: Node = "everything";
/** Some ServiceAccount, whichever. */
export const SOME_ACCOUNT: Node = "some account";
/** Any user, and any group but system:masters, by a certificate in that name. */
export const ANYBODY: Node = "anybody";

export const holder = (key: string): Node => `holder ${key}`;
export const accounts = (scope: string): Node => `accounts ${scope}`;
export const runningAccounts = (scope: string): Node => `running ${scope}`;
export const heldTokens = (scope: string): Node => `tokens ${scope}`;
export const accountNamed = (scope: string, name: string): Node => `account ${scope}/${name}`;
export const tokenSecret = (scope: string, name: string): Node => `secret ${scope}/${name}`;
export const allOf = (namespace: string): Node => `${ALL_OF}${namespace}`;

const ALL_OF = "all of ";

/** The namespace of which a node is every right; empty for every namespace, `undefined` for any other node. */
export function namespaceOfAll(node: Node): string | undefined {
  return node.startsWith(ALL_OF) ? node.slice(ALL_OF.length) : undefined;
}

/** One step from a holder towards rights that others have. */
export interface Way {
  readonly to: Node;
  /** What the holder does: `create pods in any namespace`. */
  readonly does: string;
  /** The rules that let it. */
  readonly by: readonly Proof[];
}

/** A rule of a role that is bound to somebody. */
export interface Proof {
  readonly grant: Grant;
  readonly rule: number;
}

const MASTERS = "system:masters";
/** The signer of certificates that the API server takes for a login, and the patterns that include it. */
const CLIENT_SIGNERS = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"];

/** The ways that powers over the whole cluster open, besides those of every namespace. */
export function clusterWays(powers: Powers): Way[] {
  const { all, named, some } = reader([powers]);
  const ways: Way[] = [];
  const add = (to: Node, does: string, ...by: readonly (HeldPower | undefined)[]) => {
    if (isAll(by)) ways.push({ to, does, by });
  };
  const anyUser = some("impersonate users") ?? some("impersonate accounts");
  const masters = all("impersonate groups") ?? named("impersonate groups", [MASTERS]);
  add(EVERYTHING, `impersonate a member of ${MASTERS}`, masters, anyUser);
  const bindAny = all("bind ClusterRoles") ?? named("bind ClusterRoles", ["cluster-admin"]);
  add(EVERYTHING, "bind cluster-admin to itself", bindAny, all("write ClusterRoleBindings"));
  add(
    EVERYTHING,
    "write any right into a ClusterRole that it has",
    all("escalate ClusterRoles"),
    all("change ClusterRoles"),
  );
  add(EVERYTHING, "run commands in every pod through the kubelets", all("reach kubelets"));
  add(EVERYTHING, "change any object on its way into the cluster", all("change what is admitted"));
  const signer = all("approve for a signer") ?? named("approve for a signer", CLIENT_SIGNERS);
  const csr = "approve a certificate of its own in the name of another";
  add(ANYBODY, csr, signer, all("approve requests"), all("request certificates"));
  add(ANYBODY, "impersonate any user", all("impersonate users"));
  for (const power of powers.get("impersonate users") ?? [])
    for (const name of power.names) add(holder(`User//${name}`), `impersonate User ${name}`, power);
  for (const power of powers.get("impersonate groups") ?? [])
    for (const name of power.names)
      add(holder(`Group//${name}`), `impersonate a member of ${name}`, power, anyUser);
  return ways;
}

/** The ways that powers open in a namespace beside those of the whole cluster; in every namespace when `scope` is empty. */
export function namespaceWays(scope: string, cluster: Powers, powers: Powers): Way[] {
  const { all, named, first } = reader(scope === "" ? [cluster] : [cluster, powers]);
  const ways: Way[] = [];
  const where = scope === "" ? "any namespace" : scope;
  const add = (to: Node, does: string, ...by: readonly (HeldPower | undefined)[]) => {
    // What holds in every namespace is told once, for all of them.
    if (isAll(by) && by.some(({ grant }) => grant.scope === scope)) ways.push({ to, does, by });
  };
  const making = all("make pods");
  if (making) add(accounts(scope), `${rightName(making.right)} in ${where}`, making);
  add(accounts(scope), `take a token of any ServiceAccount in ${where}`, all("take tokens"));
  add(accounts(scope), `impersonate any ServiceAccount in ${where}`, all("impersonate accounts"));
  const secrets = all("read Secrets");
  add(heldTokens(scope), `read a Secret in ${where} that holds a token`, secrets);
  add(accounts(scope), `make and read a token Secret in ${where}`, all("make Secrets"), secrets);
  add(runningAccounts(scope), `run commands in a pod in ${where}`, all("run commands in pods"));
  for (const power of ["take tokens", "impersonate accounts"] as const)
    for (const held of powers.get(power) ?? [])
      for (const name of held.names)
        add(accountNamed(scope, name), `${rightName(held.right)} ${name} in ${where}`, held);
  for (const held of powers.get("read Secrets") ?? [])
    for (const name of held.names) add(tokenSecret(scope, name), `read Secret ${name} in ${where}`, held);
  const bindAny = all("bind ClusterRoles") ?? named("bind ClusterRoles", ["cluster-admin", "admin", "edit"]);
  add(allOf(scope), `bind ClusterRoles to itself in ${where}`, bindAny, all("write RoleBindings"));
  const binding = all("write RoleBindings") !== undefined;
  const escalating = first("escalate Roles", ({ grant }) => binding || grant.role.kind === "Role");
  add(allOf(scope), `write any right into a Role that it has in ${where}`, escalating, all("change Roles"));
  const volumes = reader([cluster]).all("make PersistentVolumes");
  const disk = `mount the disk of a node in ${where}, as a PersistentVolume`;
  add(EVERYTHING, disk, volumes, all("make PersistentVolumeClaims"), making);
  return ways;
}

interface Reader {
  /** The power over all objects. */
  readonly all: (power: Power) => HeldPower | undefined;
  /** The same, of those that meet a condition. */
  readonly first: (power: Power, meets: (held: HeldPower) => boolean) => HeldPower | undefined;
  /** The power over one of the names. */
  readonly named: (power: Power, names: readonly string[]) => HeldPower | undefined;
  readonly some: (power: Power) => HeldPower | undefined;
}

function reader(layers: readonly Powers[]): Reader {
  const find = (power: Power, meets: (held: HeldPower) => boolean) => {
    for (const layer of layers) {
      const held = layer.get(power)?.find(meets);
      if (held !== undefined) return held;
    }
    return undefined;
  };
  const isOverAll = ({ names }: HeldPower) => names.length === 0;
  return {
    all: (power) => find(power, isOverAll),
    first: (power, meets) => find(power, (held) => isOverAll(held) && meets(held)),
    named: (power, wanted) => find(power, ({ names }) => names.some((name) => wanted.includes(name))),
    some: (power) => find(power, () => true),
  };
}

function isAll(by: readonly (HeldPower | undefined)[]): by is readonly HeldPower[] {
  return by.every((one) => one !== undefined);
}
