import { join } from "node:path";
import { seal, writeYaml } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import type { IssuerInput } from "./intent.ts";
import { issuer } from "./issuer.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<IssuerInput>(CASES);

blockContract({ test }, { builder: issuer, cases, rules: [] });
goldenTests<IssuerInput>(CASES, issuer);

test("the access key is in a Secret that is made of a reference, in cert-manager's namespace", () => {
  const { sealed = [], resources } = issuer(cases.letsencrypt!);
  expect(sealed).toHaveLength(1);
  const secret = seal(sealed[0]!, { "aws-route53-secret-access-key": "c4n4ry\n" });
  expect(secret).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cert-manager", namespace: "cert-manager" },
    type: "Opaque",
    data: { "aws-route53-secret-access-key": btoa("c4n4ry") },
  });
  expect(writeYaml(resources)).not.toContain("AWS_ROUTE53_SECRET");
  expect(issuer(cases.everything!).sealed).toBeUndefined();
});

test("two solvers may take their keys from one Secret", () => {
  const route53 = (key: string, name: string) => ({
    auth: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secret: { key, from: { from: "env" as const, name } } },
  });
  const { sealed = [] } = issuer({
    ...cases.letsencrypt!,
    solvers: [
      { route53: route53("one", "ONE"), zones: ["one.test"] },
      { route53: route53("two", "TWO"), zones: ["two.test"] },
    ],
  });
  expect(sealed.map(({ keys }) => keys)).toEqual([["one", "two"]]);
});

describe("mistakes", () => {
  const http = { http01: { ingressClass: "nginx" } };
  const aws = (route53: object) => ({ solvers: [{ route53 }] });
  test.each<[string, object, string, string]>([
    ["an address that is none", { email: "info" }, "email", "role"],
    ["a server over http", { server: "http://acme.test" }, "server", "production"],
    ["a misspelt server", { server: "prodution" }, "server", "production"],
    ["no solver", { solvers: [] }, "solvers", "http01"],
    ["a solver of nothing", { solvers: [{}] }, "solvers[0]", "one of them"],
    ["a solver of two", { solvers: [{ ...http, route53: {} }] }, "solvers[0]", "one of them"],
    ["the same solver twice", { solvers: [http, http] }, "solvers[1]", "zones"],
    [
      "a zone that is none",
      { solvers: [{ ...http, zones: ["*.strix.kr"] }] },
      "solvers[0].zones[0]",
      "strix.kr",
    ],
    [
      "a wildcard over http",
      { solvers: [{ ...http, hosts: ["*.strix.kr"] }] },
      "solvers[0].hosts[0]",
      "route53",
    ],
    ["a region that is none", aws({ region: "Seoul" }), "solvers[0].route53.region", "ap-northeast-2"],
    [
      "a zone's id that is none",
      aws({ hostedZoneId: "/hostedzone/Z1" }),
      "solvers[0].route53.hostedZoneId",
      "Z",
    ],
    ["a role that is none", aws({ role: "dns" }), "solvers[0].route53.role", "arn:"],
    [
      "a ServiceAccount without a role",
      aws({ auth: { serviceAccount: "dns" } }),
      "solvers[0].route53.role",
      "ARN",
    ],
    [
      "a secret in the place of the id",
      aws({ auth: { accessKeyId: "wJalrXUtnFEMI/K7MDENG" } }),
      "solvers[0].route53.auth.accessKeyId",
      "AKIA",
    ],
    [
      "a wildcard that no solver proves",
      { certificates: [{ secret: "w", namespace: "edge", hosts: ["*.strix.kr"] }] },
      "certificates[0].hosts[0]",
      "route53",
    ],
    [
      "one Secret twice",
      {
        certificates: [
          { secret: "w", namespace: "edge", hosts: ["a.test"] },
          { secret: "w", namespace: "edge", hosts: ["b.test"] },
        ],
      },
      "certificates[1].secret",
      "its own",
    ],
    [
      "a certificate for nobody",
      { certificates: [{ secret: "w", namespace: "edge", hosts: [] }] },
      "certificates[0].hosts",
      "hosts:",
    ],
    ["an unknown field", { emial: "a" }, "emial", 'did you mean "email"?'],
  ])("%s", (_, change, path, hint) => {
    const plain = { email: "info@strix.co.kr", server: "production", solvers: [http] };
    expect(issuer.safe(plain).ok).toBe(true);
    const result = issuer.safe({ ...plain, ...change });
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "ingress/valid-intent",
      severity: "error",
    });
    expect(found?.hint).toContain(hint);
    expect(JSON.stringify(result.findings)).not.toContain("wJalrXUtnFEMI");
  });
});
