import { join } from "node:path";
import { IntentError } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import type { AccessClaim } from "../claims/claim.ts";
import { parseAccessClaim } from "../claims/parse-claim.ts";
import { proveAccess } from "../claims/prove-access.ts";
import { accessModel } from "../rbac/model.ts";
import { groups } from "./groups.ts";
import type { GroupsInput } from "./intent.ts";
import { nameOfGroup } from "./objects.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<GroupsInput>(CASES);

blockContract({ test }, { builder: groups, cases, rules: [] });
goldenTests<GroupsInput>(CASES, groups);

test.each(Object.entries(cases))(
  "%s: every claim is proved by what the block writes, and read back",
  (_, input) => {
    const { resources, claims } = groups(input);
    const proofs = proveAccess(accessModel(resources), claims as AccessClaim[], { resources });
    expect(
      proofs
        .filter(({ outcome }) => outcome !== "proved")
        .map(({ claim, findings }) => [claim.text, findings]),
    ).toEqual([]);
    expect(proofs.length).toBeGreaterThan(4);
    const options = {
      groups: Object.keys(input.groups),
      groupsPrefix: input.prefix ?? "oidc:",
      by: "groups",
    };
    for (const claim of claims)
      expect(parseAccessClaim(claim.text, options)).toEqual({ ok: true, value: claim });
  },
);

test("the reference platform gets exactly its bindings", () => {
  const { resources } = groups(cases.strix!);
  const lines = resources.map(({ kind, metadata, roleRef, subjects }) => {
    const { name: role } = (roleRef ?? {}) as { name?: string };
    const [subject] = (subjects ?? []) as { kind: string; name: string }[];
    return [kind, metadata.namespace ?? "", metadata.name, role, subject?.name].join(" ");
  });
  expect(lines).toEqual([
    "ClusterRole  cluster-view  ",
    "ClusterRoleBinding  operator:cluster-admin cluster-admin oidc:operator",
    "ClusterRoleBinding  developer:cluster-view cluster-view oidc:developer",
    "RoleBinding default developer:view view oidc:developer",
    "RoleBinding prod developer:view view oidc:developer",
    "RoleBinding dev developer:admin admin oidc:developer",
  ]);
});

describe("mistakes are findings with a place and a remedy", () => {
  const one = (grants: object) => ({ groups: { developer: grants }, namespaces: ["default", "prod", "dev"] });
  const own = (rules: object[]) => ({ groups: {}, roles: { reader: rules } });
  test.each<[string, unknown, string, string, string]>([
    [
      "a misspelt role",
      one({ cluster: ["cluster-veiw"] }),
      "groups.developer.cluster[0]",
      "unknown role",
      'did you mean "cluster-view"?',
    ],
    [
      "a misspelt namespace",
      one({ namespaces: { prd: ["view"] } }),
      "groups.developer.namespaces.prd",
      "unknown namespace",
      'did you mean "prod"?',
    ],
    [
      "a name that is no namespace's",
      { groups: { a: { namespaces: { Prod: ["view"] } } } },
      "groups.a.namespaces.Prod",
      "no namespace name",
      "a-z",
    ],
    ["a role twice", one({ cluster: ["view", "view"] }), "groups.developer.cluster[1]", "twice", "remove"],
    [
      "a Role for the cluster",
      { groups: { a: { cluster: ["r"], namespaces: { dev: ["view"] } } }, given: { roles: { dev: ["r"] } } },
      "groups.a.cluster[0]",
      "unknown role",
      "under namespaces",
    ],
    [
      "a Role of another namespace",
      {
        groups: { a: { namespaces: { prod: ["r"] } } },
        roles: { r: { namespaces: ["dev"], rules: [{ resources: ["pods"], verbs: ["get"] }] } },
      },
      "groups.a.namespaces.prod[0]",
      "unknown role",
      "given",
    ],
    [
      "a group of Kubernetes",
      { groups: { "system:masters": {} }, prefix: "" },
      'groups["system:masters"]',
      "Kubernetes' own",
      "prefix",
    ],
    ["an own admin", { groups: {}, roles: { admin: [] } }, "roles.admin", "Kubernetes makes", "another name"],
    [
      "an unknown field",
      one({ clusters: [] }),
      "groups.developer.clusters",
      "unknown field",
      'did you mean "cluster"?',
    ],
    [
      "a misspelt verb",
      own([{ resources: ["pods"], verbs: ["lst"] }]),
      "roles.reader[0].verbs[0]",
      "no request has the verb",
      'did you mean "list"?',
    ],
    [
      "a misspelt resource",
      own([{ resources: ["deployment"], apiGroups: ["apps"], verbs: ["get"] }]),
      "roles.reader[0].resources[0]",
      "no resource",
      "write deployments",
    ],
    [
      "a resource of another group",
      own([{ resources: ["deployments"], verbs: ["get"] }]),
      "roles.reader[0].resources[0]",
      "no resource",
      'apiGroups: ["apps"]',
    ],
    [
      "a misspelt group",
      own([{ resources: ["deployments"], apiGroups: ["app"], verbs: ["get"] }]),
      "roles.reader[0].apiGroups[0]",
      "no API group",
      'did you mean "apps"?',
    ],
    [
      "a subresource that is not there",
      own([{ resources: ["pods/logs"], verbs: ["get"] }]),
      "roles.reader[0].resources[0]",
      "no subresource",
      'did you mean "log"?',
    ],
    [
      "no verbs",
      own([{ resources: ["pods"], verbs: [] }]),
      "roles.reader[0].verbs",
      "allows nothing",
      "at least one",
    ],
    [
      "neither resources nor paths",
      own([{ verbs: ["get"] }]),
      "roles.reader[0].resources",
      "neither",
      "at least one",
    ],
    [
      "both",
      own([{ resources: ["pods"], nonResourceURLs: ["/metrics"], verbs: ["get"] }]),
      "roles.reader[0].nonResourceURLs",
      "not both",
      "two rules",
    ],
    [
      "paths in a namespace",
      {
        groups: {},
        roles: { r: { namespaces: ["dev"], rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }] } },
      },
      "roles.r.rules[0].nonResourceURLs",
      "no namespace",
      "ClusterRole",
    ],
    [
      "a Role nowhere",
      { groups: {}, roles: { r: { namespaces: [], rules: [] } } },
      "roles.r.namespaces",
      "none is named",
      "name one",
    ],
    [
      "made and given",
      { groups: {}, roles: { r: [] }, given: { clusterRoles: ["r"] } },
      "roles.r",
      "given as well",
      "leave it out",
    ],
    ["a line break", { groups: { "a\nb": {} } }, 'groups["a\\nb"]', "one line", "remove"],
    ["half a character", { groups: { a: {} }, prefix: "\ud800" }, "prefix", "half of a character", "remove"],
  ])("%s", (_, input, path, message, hint) => {
    const result = groups.safe(input);
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "iam/valid-intent",
      severity: "error",
    });
    expect(found?.message).toContain(message);
    expect(found?.hint).toContain(hint);
  });

  test("the builder throws all of them", () => {
    expect(() => groups({ groups: { a: { cluster: ["x1"] }, b: { cluster: ["y2"] } } })).toThrow(IntentError);
    expect(() => groups({ groups: { a: { cluster: ["x1"] }, b: { cluster: ["y2"] } } })).toThrow(
      /x1[\s\S]*y2/,
    );
  });
});

test("bindings never have one name, whatever the groups are called", () => {
  const letters = fc.string({
    unit: fc.constantFrom("a", "b", ":", "~", "@", "/", "%", ".", "3"),
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      expect(nameOfGroup(a) === nameOfGroup(b)).toBe(a === b);
      expect(nameOfGroup(a)).not.toMatch(/[:@/%]/);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test("2,000 groups are built in time", () => {
  const many = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [`team-${i}`, { namespaces: { dev: ["admin"], prod: ["view"] } }]),
  );
  const start = performance.now();
  expect(groups({ groups: many }).resources).toHaveLength(4000);
  expect(performance.now() - start).toBeLessThan(2000);
});
