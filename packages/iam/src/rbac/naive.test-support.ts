import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import type { AccessRequest } from "./request.ts";
import { clusterBinding, clusterRole, role, roleBinding } from "./sets.test-support.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The authorizer written down a second time, as a scan over raw objects: no index, no aggregation, nothing shared with the
 * model. Returns the text of the binding and subject that decide, or `undefined`.
 */
export function naiveCan(resources: readonly Resource[], request: AccessRequest): string | undefined {
  const { user = "", groups = [], namespace = "" } = request;
  if (groups.includes("system:masters")) return "masters";
  const asked = request.path !== undefined && request.resource === undefined ? "" : namespace;
  for (const cluster of [true, false])
    for (const binding of resources) {
      const at = binding.metadata.namespace ?? "";
      if (binding.kind !== (cluster ? "ClusterRoleBinding" : "RoleBinding")) continue;
      if (!cluster && (asked === "" || at !== asked)) continue;
      const subject = (binding.subjects as Json[]).findIndex(({ kind, name, namespace: own }) => {
        if (kind === "User") return name === user;
        if (kind === "Group") return groups.includes(String(name));
        const home = String(own ?? "") || at;
        return kind === "ServiceAccount" && home !== "" && user === `system:serviceaccount:${home}:${name}`;
      });
      if (subject < 0) continue;
      const ref = binding.roleRef as Json;
      const rules = resources.find(
        ({ kind, metadata }) =>
          kind === ref.kind &&
          metadata.name === ref.name &&
          (kind === "ClusterRole" || metadata.namespace === at),
      )?.rules as Json[] | undefined;
      if (rules?.some((rule) => naiveAllows(rule, request)))
        return `${binding.kind} ${at} ${binding.metadata.name} ${subject}`;
    }
  return undefined;
}

function naiveAllows(rule: Json, request: AccessRequest): boolean {
  const list = (key: string) => (rule[key] ?? []) as string[];
  const { verb, group = "", resource = "", subresource = "", name = "", path } = request;
  if (!list("verbs").some((one) => one === "*" || one === verb)) return false;
  if (path !== undefined && request.resource === undefined)
    return list("nonResourceURLs").some(
      (url) => url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, ""))),
    );
  const combined = subresource === "" ? resource : `${resource}/${subresource}`;
  return (
    list("apiGroups").some((one) => one === "*" || one === group) &&
    list("resources").some(
      (one) => one === "*" || one === combined || (subresource !== "" && one === `*/${subresource}`),
    ) &&
    (list("resourceNames").length === 0 || list("resourceNames").includes(name))
  );
}

const some = (words: readonly string[], max = 3) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: max }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );

const rule = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      verbs: some(["get", "list", "create", "*", "Get"]),
      apiGroups: some(["", "apps", "*"], 2),
      resources: some(["pods", "pods/log", "*/log", "*/scale", "*", "pods/*", "secrets", "__proto__"]),
      resourceNames: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, some(["a", "b", "", "*"], 2)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verbs: some(["get", "post", "*"]),
      nonResourceURLs: some(["*", "/a", "/a*", "/a/*", "/a/b", "/a/b**", ""]),
    }),
  },
);

const rules = fc.array(rule, { minLength: 1, maxLength: 3 });
const ROLES = ["constructor", "r1", "r2", "r3"];
const NAMESPACES = ["prod", "dev"];

const subject = fc.oneof(
  fc.record({
    kind: fc.constant("User"),
    name: fc.constantFrom("u", "v", "system:serviceaccount:prod:ci", "__proto__"),
  }),
  fc.record({ kind: fc.constant("Group"), name: fc.constantFrom("g", "h", "system:masters", "u") }),
  fc.record(
    {
      kind: fc.constant("ServiceAccount"),
      name: fc.constant("ci"),
      namespace: fc.constantFrom("prod", "dev"),
    },
    { requiredKeys: ["kind", "name"] },
  ),
  fc.record({ kind: fc.constant("Robot"), name: fc.constant("u") }),
);
const subjects = fc.array(subject, { minLength: 1, maxLength: 3 });

/** Sets of roles and bindings, each name once. */
export const sets: fc.Arbitrary<Resource[]> = fc
  .record({
    clusterRoles: fc.array(rules, { minLength: 1, maxLength: 3 }),
    roles: fc.array(fc.tuple(fc.constantFrom(...NAMESPACES), rules), { maxLength: 3 }),
    clusterBindings: fc.array(fc.tuple(fc.constantFrom(...ROLES), subjects), { maxLength: 3 }),
    bindings: fc.array(
      fc.tuple(
        fc.constantFrom(...NAMESPACES),
        fc.constantFrom("Role", "ClusterRole", "ClusterRole", "Rolle"),
        fc.constantFrom(...ROLES),
        subjects,
      ),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map((set) => [
    ...set.clusterBindings.map(([name, list], n) => clusterBinding(`cb${n}`, name, list)),
    ...set.bindings.map(([ns, kind, name, list], n) => roleBinding(`rb${n}`, ns, { kind, name }, list)),
    ...set.clusterRoles.map((list, n) => clusterRole(ROLES[n]!, list)),
    ...set.roles.map(([ns, list], n) => role(ROLES[n]!, ns, list)),
  ]);

const identities = fc.record(
  {
    user: fc.constantFrom(
      "u",
      "v",
      "system:serviceaccount:prod:ci",
      "system:serviceaccount:dev:ci",
      "*",
      "",
      "__proto__",
    ),
    groups: some(["g", "h", "u", "*"], 3),
  },
  { requiredKeys: [] },
);

/** What can be asked: about resources and paths, with words that rules have and words that none has. */
export const actions = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        verb: fc.constantFrom("get", "get", "list", "create", "*", "Get", "use"),
        group: fc.constantFrom("", "", "apps", "*", "x"),
        resource: fc.constantFrom("pods", "pods", "secrets", "*", "x", "__proto__", "log"),
        subresource: fc.constantFrom("", "", "log", "scale", "*", "x"),
        name: fc.constantFrom("", "a", "b", "*", "x"),
        namespace: fc.constantFrom("", "prod", "prod", "dev", "x"),
      },
      { requiredKeys: ["verb", "resource"] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        verb: fc.constantFrom("get", "post", "*", "put"),
        path: fc.constantFrom("/a", "/ab", "/a/b", "/a/b/c", "/", "", "/a*"),
        namespace: fc.constant("prod"),
      },
      { requiredKeys: ["verb", "path"] },
    ),
  },
);

export const requests: fc.Arbitrary<AccessRequest> = fc
  .tuple(identities, actions)
  .map(([identity, action]) => ({ ...identity, ...action }));
