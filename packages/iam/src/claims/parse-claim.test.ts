import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccessClaim, formatAccessClaim } from "./claim.ts";
import { parseAccessClaim } from "./parse-claim.ts";

const options = {
  groups: ["developer", "operator"],
  groupsPrefix: "oidc:",
  environments: { prod: ["prod", "prod-eu"], dev: ["dev"], none: [] },
  namespaces: ["default", "prod", "prod-eu", "dev"],
  by: "expect",
};

function read(text: string): AccessClaim {
  const result = parseAccessClaim(text, options);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const developer = { kind: "group", name: "oidc:developer" };
const everywhere = { kind: "everywhere" };

test.each<[string, Partial<AccessClaim>]>([
  [
    "developer can create deployments in dev",
    {
      expect: "can",
      subject: developer as AccessClaim["subject"],
      verbs: ["create"],
      target: { resource: "deployments" },
      scope: { kind: "namespaces", name: "dev", namespaces: ["dev"] },
    },
  ],
  [
    "developer cannot get secrets in env:prod",
    { expect: "cannot", scope: { kind: "namespaces", name: "env:prod", namespaces: ["prod", "prod-eu"] } },
  ],
  [
    "operator can * *",
    { verbs: ["*"], target: { resource: "*" }, scope: everywhere as AccessClaim["scope"] },
  ],
  [
    "developer can read deployments.apps/scale",
    {
      verbs: ["get", "list", "watch"],
      target: { resource: "deployments", group: "apps", subresource: "scale" },
    },
  ],
  [
    "developer cannot write,get pods",
    { verbs: ["create", "update", "patch", "delete", "deletecollection", "get"] },
  ],
  [
    "developer can get, list pods in any namespace",
    { verbs: ["get", "list"], scope: everywhere as AccessClaim["scope"] },
  ],
  ["developer can get secrets named tls in dev", { target: { resource: "secrets", name: "tls" } }],
  [
    "group:oidc:admins can get /metrics",
    { subject: { kind: "group", name: "oidc:admins" }, target: { path: "/metrics" } },
  ],
  ['group:"site team" can get pods', { subject: { kind: "group", name: "site team" } }],
  ["user:ada@example.test cannot bind clusterroles", { subject: { kind: "user", name: "ada@example.test" } }],
  [
    "serviceaccount:dev/builder can create pods/exec in dev",
    { subject: { kind: "serviceAccount", namespace: "dev", name: "builder" } },
  ],
  ["anyone cannot get secrets", { subject: { kind: "anyone" } }],
  [
    "  anonymous   cannot  get   /api  ",
    { subject: { kind: "anonymous" }, text: "anonymous   cannot  get   /api" },
  ],
  ["developer cannot impersonate:user-info users", { verbs: ["impersonate:user-info"] }],
  [
    "developer cannot * pods",
    { verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"] },
  ],
])("%s", (text, expected) => {
  expect(read(text)).toMatchObject(expected);
});

describe("what cannot be read says where and what to write", () => {
  test.each<[string, number, string, string]>([
    ["", 1, "found nothing", "developer can create"],
    ["developer", 10, 'expected "can" or "cannot"', "write"],
    ["developer may get pods", 11, 'found "may"', 'write "can"'],
    ["developer can't get pods", 11, "found", 'write "cannot"'],
    ["developer can", 14, "expected a verb", "write"],
    ["developer can get", 18, "expected a verb and a resource", "write"],
    ["develper can get pods", 1, 'unknown group "develper"', 'did you mean "developer"?'],
    ["role:admin can get pods", 1, "expected a subject", "group:NAME"],
    ["group: can get pods", 1, "found nothing", "group:NAME"],
    ["serviceaccount:builder can get pods", 1, "expected serviceaccount", "serviceaccount:dev/builder"],
    ["serviceaccount:dv/builder can get pods", 1, 'unknown namespace "dv"', 'did you mean "dev"?'],
    ["developer can crate pods in dev", 15, 'no request has the verb "crate"', 'did you mean "create"?'],
    ["developer can get Pods", 19, "expected a resource", "pods"],
    ["developer cannot get *", 22, 'found "*"', "one claim for each"],
    ["developer can get pods in prd", 27, 'unknown namespace "prd"', 'did you mean "prod"?'],
    ["developer can get pods in env:prd", 31, 'unknown environment "prd"', 'did you mean "prod"?'],
    ["developer can get pods in", 26, "expected a namespace", "in NAMESPACE"],
    ["developer can get pods named", 29, "expected a name", "named NAME"],
    ["developer can get pods on dev", 24, 'found "on"', "write"],
    ["developer can get /metrics in dev", 28, "expected the end", "no namespace"],
    ["developer can get,,list pods", 15, "expected a verb, found nothing", "get,list"],
    ["x".repeat(1001), 1, "at most 1000", "several"],
  ])("%s", (text, column, message, hint) => {
    const result = parseAccessClaim(text, { ...options, path: "expect[3]" });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.findings[0]).toMatchObject({
      code: "iam/valid-claim",
      severity: "error",
      path: "expect[3]",
    });
    expect(result.findings[0]?.message).toContain(`column ${column}:`);
    expect(result.findings[0]?.message).toContain(message);
    expect(result.findings[0]?.hint).toContain(hint);
  });
});

test("without groups of a platform the hint writes the subject out", () => {
  const result = parseAccessClaim("developer can get pods", { by: "expect" });
  expect(result.ok ? "" : result.findings[0]?.hint).toContain("group:developer");
});

const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });

test("what is formatted is read back", () => {
  const claims = fc.record({
    expect: fc.constantFrom("can" as const, "cannot" as const),
    subject: fc.oneof(
      fc.record({ kind: fc.constantFrom("group" as const, "user" as const), name }),
      fc.constant({ kind: "serviceAccount" as const, namespace: "dev", name: "builder" }),
      fc.constantFrom({ kind: "anyone" as const }, { kind: "anonymous" as const }),
    ),
    verbs: fc.uniqueArray(fc.constantFrom("get", "list", "create", "bind"), { minLength: 1 }),
    target: fc.oneof(
      fc.record({ resource: fc.constantFrom("pods", "secrets"), name }),
      fc.constantFrom({ resource: "deployments", group: "apps", subresource: "scale" }, { resource: "pods" }),
    ),
    scope: fc.constantFrom(
      { kind: "everywhere" as const },
      { kind: "namespaces" as const, name: "env:prod", namespaces: ["prod", "prod-eu"] },
    ),
  });
  fc.assert(
    fc.property(claims, (parts) => {
      const claim = formatAccessClaim({ ...parts, by: "expect" });
      expect(read(claim.text)).toEqual(claim);
    }),
    { seed: 5, numRuns: 400 },
  );
});

test("any text gives a claim or a finding", () => {
  const part = fc.constantFrom(
    "developer",
    "can",
    "cannot",
    "get",
    "pods",
    "in",
    "named",
    "env:prod",
    '"',
    "\\",
    "/",
    ",",
    "*",
    "\n",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseAccessClaim(text, options);
      if (!result.ok) expect(result.findings.length).toBeGreaterThan(0);
    }),
    { seed: 6, numRuns: 1000 },
  );
});
