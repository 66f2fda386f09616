import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { can } from "../rbac/can.ts";
import { accessModel } from "../rbac/model.ts";
import { parseAccessClaim } from "./parse-claim.ts";
import { proveAccess } from "./prove-access.ts";

const API = "rbac.authorization.k8s.io";
const NAMESPACES = ["dev", "prod"];
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });

const rule = fc.record({
  apiGroups: some("", "apps", "*"),
  resources: some("pods", "secrets", "namespaces", "deployments", "pods/log", "*"),
  verbs: some("get", "list", "create", "deletecollection", "*"),
  resourceNames: fc.option(some("a", "dev"), { nil: undefined }),
});
const roles = fc.array(fc.array(rule, { maxLength: 2 }), { minLength: 1, maxLength: 3 });
const bindings = fc.array(
  fc.record({
    namespace: fc.constantFrom(undefined, ...NAMESPACES),
    role: fc.nat(3),
    subject: fc.constantFrom(
      { kind: "Group", name: "ops" },
      { kind: "Group", name: "system:authenticated" },
      { kind: "Group", name: "system:serviceaccounts:dev" },
      { kind: "ServiceAccount", name: "robot", namespace: "dev" },
      { kind: "User", name: "ada" },
    ),
  }),
  { maxLength: 4 },
);

/** Role 3 is never made: a binding may name a role that is missing. */
function setOf(
  rules: readonly object[][],
  list: readonly { namespace: string | undefined; role: number; subject: object }[],
): Resource[] {
  return [
    ...rules.map((own, i) => ({
      apiVersion: `${API}/v1`,
      kind: "ClusterRole",
      metadata: { name: `r${i}` },
      rules: own,
    })),
    ...list.map(({ namespace, role, subject }, i) => ({
      apiVersion: `${API}/v1`,
      kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
      metadata: { name: `b${i}`, ...(namespace !== undefined && { namespace }) },
      roleRef: { apiGroup: API, kind: "ClusterRole", name: `r${role}` },
      subjects: [subject],
    })),
  ];
}

const IDENTITIES = {
  "group:ops": { user: "somebody", groups: ["ops", "system:authenticated"] },
  "user:ada": { user: "ada", groups: ["system:authenticated"] },
  "serviceaccount:dev/robot": { serviceAccount: "dev/robot" },
  anyone: { user: "somebody", groups: ["system:authenticated"] },
  anonymous: { user: "system:anonymous", groups: ["system:unauthenticated"] },
};
const subjects = fc.constantFrom(...(Object.keys(IDENTITIES) as (keyof typeof IDENTITIES)[]));
const RESOURCES = {
  pods: { group: "", resource: "pods" },
  "pods/log": { group: "", resource: "pods", subresource: "log" },
  secrets: { group: "", resource: "secrets" },
  deployments: { group: "apps", resource: "deployments" },
  namespaces: { group: "", resource: "namespaces" },
};
const resources = fc.constantFrom(...(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[]));
const verbs = fc.constantFrom("get", "list", "create", "deletecollection");

/** Names and namespaces of the rules, and ones that nothing names. */
const NAMES = [undefined, "a", "dev", "prod", "fresh"];

test("a cannot is proved exactly when no request of any name in any namespace is allowed", () => {
  fc.assert(
    fc.property(
      roles,
      bindings,
      subjects,
      resources,
      verbs,
      fc.constantFrom("", " in dev"),
      (rules, list, subject, target, verb, place) => {
        if (target === "namespaces" && place !== "") return;
        const model = accessModel(setOf(rules, list), { builtins: false });
        const claim = parseAccessClaim(`${subject} cannot ${verb} ${target}${place}`, { by: "expect" });
        if (!claim.ok) throw new Error(JSON.stringify(claim.findings));
        const named =
          verb === "deletecollection" || (verb === "create" && target !== "pods/log") ? [undefined] : NAMES;
        const places = place === "" ? NAMES : ["dev"];
        const answers = places.flatMap((namespace) =>
          named.flatMap((name) => {
            const action = {
              ...RESOURCES[target],
              verb,
              ...(name !== undefined && { name }),
              ...(namespace !== undefined && { namespace }),
            };
            // One Namespace is asked for in itself, several in none.
            const isOne = target === "namespaces" && verb === "get";
            const isOdd = target === "namespaces" && (isOne ? name !== namespace : namespace !== undefined);
            return isOdd ? [] : [can(model, { ...IDENTITIES[subject], ...action })];
          }),
        );
        const expected = answers.some(({ allowed }) => allowed)
          ? "broken"
          : answers.some(({ missing }) => missing)
            ? "unknown"
            : "proved";
        expect(proveAccess(model, [claim.value])[0]?.outcome).toBe(expected);
      },
    ),
    { seed: 14, numRuns: 3000 },
  );
});

test("a can is proved exactly when the request without a name is allowed there", () => {
  fc.assert(
    fc.property(
      roles,
      bindings,
      subjects,
      resources,
      verbs,
      fc.constantFrom(undefined, "dev"),
      (rules, list, subject, target, verb, namespace) => {
        if (target === "namespaces" && namespace !== undefined) return;
        const model = accessModel(setOf(rules, list), { builtins: false });
        const text = `${subject} can ${verb} ${target}${namespace === undefined ? "" : ` in ${namespace}`}`;
        const claim = parseAccessClaim(text, { by: "expect" });
        if (!claim.ok) throw new Error(JSON.stringify(claim.findings));
        const answer = can(model, {
          ...IDENTITIES[subject],
          ...RESOURCES[target],
          verb,
          ...(namespace !== undefined && { namespace }),
        });
        const expected = answer.allowed ? "proved" : answer.missing ? "unknown" : "broken";
        expect(proveAccess(model, [claim.value])[0]?.outcome).toBe(expected);
      },
    ),
    { seed: 15, numRuns: 2000 },
  );
});
