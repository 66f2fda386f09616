import {
  type LabelRequirement,
  type LabelSelector,
  meets,
  type Requirement,
  requirementsOf,
} from "@ashlar/core";
import { type AccessRole, type AccessRule, ruleKey } from "./objects.ts";

const OPERATORS: ReadonlySet<string> = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

/** An aggregated ClusterRole while its rules are gathered. */
interface Gathered {
  readonly role: AccessRole;
  /** The selected roles, in the controller's order: by selector, then by name. */
  readonly sources: readonly AccessRole[];
}

/**
 * Gives aggregated ClusterRoles the rules that kube-controller-manager gathers (pkg/controller/clusterroleaggregation): the
 * rules of every other ClusterRole that a selector matches, sorted by name, equal rules once. Aggregated roles feed further
 * ones until nothing changes. In a cycle only rules from outside count. Rules written by hand are replaced, unless nothing
 * is gathered: then the controller applies no rules and leaves them. A selector that no server can read leaves the role as
 * it is.
 */
export function aggregate(clusterRoles: readonly AccessRole[]): AccessRole[] {
  const byName = clusterRoles.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const byLabel = indexLabels(byName);
  const gathered = new Map<AccessRole, Gathered>();
  for (const role of byName) {
    const { selectors } = role;
    if (selectors === undefined || !selectors.every(isReadable)) continue;
    const sources = selectors.flatMap((selector) => selected(selector, byName, byLabel));
    gathered.set(role, { role, sources: sources.filter((source) => source !== role) });
  }
  const order = sourcesFirst(gathered);
  const rules = new Map<AccessRole, readonly AccessRule[]>(order.map(({ role }) => [role, []]));
  settle(order, rules, false);
  settle(order, rules, true);
  return clusterRoles.map((role) => {
    const own = rules.get(role);
    return own === undefined ? role : { ...role, rules: own };
  });
}

/** Gathers until no list grows any more. `keepOwn`: a role that gathers nothing keeps the rules it was written with. */
function settle(
  order: readonly Gathered[],
  rules: Map<AccessRole, readonly AccessRule[]>,
  keepOwn: boolean,
): void {
  for (let round = 0, changed = true; changed && round <= order.length; round++) {
    changed = false;
    for (const { role, sources } of order) {
      const unique = new Map<string, AccessRule>();
      for (const source of sources)
        for (const rule of rules.get(source) ?? source.rules) {
          const key = ruleKey(rule);
          if (!unique.has(key)) unique.set(key, rule);
        }
      const next = unique.size === 0 && keepOwn ? role.rules : [...unique.values()];
      if (next.length !== rules.get(role)?.length) changed = true;
      rules.set(role, next);
    }
  }
}

/** Every role after those that it gathers from, as far as there is no cycle: then one round settles all. */
function sourcesFirst(gathered: ReadonlyMap<AccessRole, Gathered>): Gathered[] {
  const order: Gathered[] = [];
  const seen = new Set<AccessRole>();
  for (const start of gathered.values()) {
    const stack: { readonly node: Gathered; next: number }[] = [];
    const enter = (node: Gathered | undefined) => {
      if (node === undefined || seen.has(node.role)) return;
      seen.add(node.role);
      stack.push({ node, next: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const source = top.node.sources[top.next++];
      if (source !== undefined) enter(gathered.get(source));
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

function indexLabels(roles: readonly AccessRole[]): ReadonlyMap<string, ReadonlyMap<string, AccessRole[]>> {
  const index = new Map<string, Map<string, AccessRole[]>>();
  for (const role of roles)
    for (const [key, value] of Object.entries(role.labels)) {
      const values = index.get(key) ?? new Map<string, AccessRole[]>();
      index.set(key, values);
      const list = values.get(value);
      if (list === undefined) values.set(value, [role]);
      else list.push(role);
    }
  return index;
}

function selected(
  selector: LabelSelector,
  roles: readonly AccessRole[],
  byLabel: ReadonlyMap<string, ReadonlyMap<string, readonly AccessRole[]>>,
): readonly AccessRole[] {
  const requirements = requirementsOf(selector);
  const exact = requirements.find(({ operator, values }) => operator === "In" && values.length === 1);
  const candidates = exact ? (byLabel.get(exact.key)?.get(exact.values[0]!) ?? []) : roles;
  return candidates.filter((role) => requirements.every((one: Requirement) => meets(role.labels, one)));
}

function isReadable({ matchExpressions = [] }: LabelSelector): boolean {
  return matchExpressions.every(({ operator, values = [] }: LabelRequirement) => {
    if (!OPERATORS.has(operator)) return false;
    return operator.endsWith("In") ? values.length > 0 : values.length === 0;
  });
}
