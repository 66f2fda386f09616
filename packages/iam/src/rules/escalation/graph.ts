import type { Resource } from "@ashlar/core";
import { isEverything } from "../objects/rights.ts";
import { runningAs, tokensIn } from "./accounts-in-use.ts";
import { type Holder, type Powers, powersByScope } from "./holders.ts";
import {
  ANYBODY,
  accountNamed,
  accounts,
  allOf,
  clusterWays,
  EVERYTHING,
  heldTokens,
  holder as holderNode,
  type Node,
  namespaceWays,
  runningAccounts,
  SOME_ACCOUNT,
  tokenSecret,
  type Way,
} from "./ways.ts";

/** From one node to the next; `way` is what a holder does for it, absent where being there is enough. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
  readonly way?: Way;
}

/** Who can become whom. Its size is linear in that of the set. */
export interface EscalationGraph {
  readonly holders: ReadonlyMap<Node, Holder>;
  readonly edgesFrom: (node: Node) => readonly Edge[];
  /** The next step of the shortest chain to every right of the cluster; `undefined` where there is none. */
  readonly towardsEverything: (node: Node) => Edge | undefined;
}

/** What each holder may do towards rights of others; holders without anything of it are left out. */
export function waysOf(holders: readonly Holder[]): ReadonlyMap<Holder, readonly Way[]> {
  const scopesOf = powersByScope();
  const ways = new Map<Holder, readonly Way[]>();
  for (const one of holders) {
    const found = one.isAdmin ? [adminWay(one)] : waysIn(scopesOf(one));
    if (found.length > 0) ways.set(one, found);
  }
  return ways;
}

function waysIn(scopes: ReadonlyMap<string, Powers>): Way[] {
  if (scopes.size === 0) return [];
  const cluster = scopes.get("") ?? NO_POWERS;
  const inNamespaces = [...scopes].map(([scope, powers]) => namespaceWays(scope, cluster, powers));
  return [clusterWays(cluster), ...inNamespaces].flat();
}

const NO_POWERS: Powers = new Map();

/** Builds the graph of the holders and of the pods and token Secrets that a set shows. */
export function escalationGraph(
  holders: readonly Holder[],
  ways: ReadonlyMap<Holder, readonly Way[]>,
  resources: readonly Resource[],
): EscalationGraph {
  const edges = new Map<Node, Edge[]>();
  const reversed = new Map<Node, Edge[]>();
  const add = (from: Node, to: Node, way?: Way) => {
    const edge = { from, to, ...(way && { way }) };
    push(edges, from, edge);
    push(reversed, to, edge);
  };
  for (const [{ key }, found] of ways) for (const way of found) add(holderNode(key), way.to, way);
  addAccounts(holders, add);
  addAccountsInUse(resources, add);
  return {
    holders: new Map(holders.map((one) => [holderNode(one.key), one])),
    edgesFrom: (node) => edges.get(node) ?? [],
    towardsEverything: shortestTo(EVERYTHING, reversed),
  };
}

type Add = (from: Node, to: Node, way?: Way) => void;

function adminWay({ grants }: Holder): Way {
  const grant = grants.find(({ scope, role }) => scope === "" && role.rules.some(isEverything))!;
  const rule = grant.role.rules.findIndex(isEverything);
  return { to: EVERYTHING, does: `use ClusterRole ${grant.role.name}`, by: [{ grant, rule }] };
}

/** Whom one can be by any ServiceAccount of a namespace, and by any user's certificate. */
function addAccounts(holders: readonly Holder[], add: Add): void {
  const namespaces = new Set<string>();
  const inNamespace = (namespace: string) => {
    if (namespaces.has(namespace)) return;
    namespaces.add(namespace);
    add(accounts(""), accounts(namespace));
    add(allOf(namespace), accounts(namespace));
    add(accounts(namespace), SOME_ACCOUNT);
  };
  add(allOf(""), accounts(""));
  for (const { key, subject } of holders) {
    const { kind, namespace, name } = subject;
    const to = holderNode(key);
    if (kind === "ServiceAccount") {
      inNamespace(namespace);
      add(accounts(namespace), to);
      for (const scope of ["", namespace]) add(accountNamed(scope, name), to);
      continue;
    }
    if (key !== "Group//system:masters") add(ANYBODY, to);
    const group = kind === "Group" && /^system:serviceaccounts(?::(.+))?$/.exec(name);
    if (!group) continue;
    if (group[1] !== undefined) inNamespace(group[1]);
    add(group[1] === undefined ? SOME_ACCOUNT : accounts(group[1]), to);
  }
}

function addAccountsInUse(resources: readonly Resource[], add: Add): void {
  const seen = new Set<string>();
  for (const { namespace, account } of runningAs(resources)) {
    const to = holderNode(`ServiceAccount/${namespace}/${account}`);
    if (seen.has(to)) continue;
    seen.add(to);
    for (const scope of ["", namespace]) add(runningAccounts(scope), to);
  }
  for (const { namespace, account, by } of tokensIn(resources)) {
    const to = holderNode(`ServiceAccount/${namespace}/${account}`);
    for (const scope of ["", namespace]) {
      add(heldTokens(scope), to);
      add(tokenSecret(scope, by), to);
    }
  }
}

/** Breadth first, against the edges: each node is visited once. */
function shortestTo(
  goal: Node,
  reversed: ReadonlyMap<Node, readonly Edge[]>,
): (node: Node) => Edge | undefined {
  const next = new Map<Node, Edge>();
  const queue = [goal];
  for (let i = 0; i < queue.length; i++)
    for (const edge of reversed.get(queue[i]!) ?? []) {
      if (edge.from === goal || next.has(edge.from)) continue;
      next.set(edge.from, edge);
      queue.push(edge.from);
    }
  return (node) => next.get(node);
}

function push(map: Map<Node, Edge[]>, key: Node, edge: Edge): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [edge]);
  else list.push(edge);
}
