import { join } from "node:path";
import { applyPatches, type Resource, seal } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { registryRules } from "../rules/index.ts";
import type { NexusInput } from "./intent.ts";
import { nexus } from "./nexus.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<NexusInput>(CASES);
const CANARY = 'c4n4ry"\\';

blockContract({ test }, { builder: nexus, cases, rules: registryRules });
goldenTests<NexusInput>(CASES, nexus);

test.each([
  ["strix", "https://iam.k8s.strix.kr/", "master", "nexus"],
  ["everything", "https://iam.example.test/auth/", "staff", "images"],
])(
  "%s: keycloak.json as Keycloak writes it, the secret in the sealed Secret alone",
  (name, server, realm, resource) => {
    const block = nexus(cases[name]!);
    const [sealed] = block.sealed ?? [];
    const secret = seal(sealed!, { clientSecret: CANARY });
    expect(secret.type).toBe("Opaque");
    expect(JSON.parse(atob((secret.data as Record<string, string>)["keycloak.json"]!))).toEqual({
      realm,
      "auth-server-url": server,
      "ssl-required": "external",
      resource,
      credentials: { secret: CANARY },
      "use-resource-role-mappings": true,
      "confidential-port": 0,
    });
    expect(JSON.stringify(block)).not.toContain("c4n4ry");
  },
);

test("the patch adds to what the chart has, by names", () => {
  const chart: Resource = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "nexus-sonatype-nexus", namespace: "default" },
    spec: {
      template: {
        spec: {
          containers: [
            { name: "proxy", image: "proxy:1" },
            { name: "nexus", image: "nexus:1", volumeMounts: [{ name: "data", mountPath: "/nexus-data" }] },
          ],
          volumes: [{ name: "data", emptyDir: {} }],
        },
      },
    },
  };
  const { resources, partial } = applyPatches([chart], nexus(cases.strix!).patches);
  expect(partial).toEqual([]);
  expect(resources[0]?.spec).toEqual({
    template: {
      spec: {
        containers: [
          { name: "proxy", image: "proxy:1" },
          {
            name: "nexus",
            image: "nexus:1",
            volumeMounts: [
              { name: "data", mountPath: "/nexus-data" },
              {
                name: "keycloak-oidc",
                mountPath: "/opt/sonatype/nexus/etc/keycloak.json",
                subPath: "keycloak.json",
                readOnly: true,
              },
            ],
          },
        ],
        volumes: [
          { name: "data", emptyDir: {} },
          { name: "keycloak-oidc", secret: { secretName: "nexus-keycloak-oidc", defaultMode: 420 } },
        ],
      },
    },
  });
});

test.each<[string, object, string, string]>([
  ["no realm", { issuer: "https://iam.example.test" }, "issuer", "/realms/NAME"],
  ["a slash at the end", { issuer: "https://iam.example.test/realms/a/" }, "issuer", "without a slash"],
  ["a directory", { mountPath: "/etc/nexus" }, "mountPath", "keycloak.json"],
  ["a way out", { mountPath: "/a/../keycloak.json" }, "mountPath", "without .."],
  ["a bad container", { container: "A" }, "container", "a-z"],
  ["a bad Deployment", { deployment: "A" }, "deployment", "a-z"],
  ["a bad namespace", { namespace: "A" }, "namespace", "a-z"],
  ["a policy for everything", { retention: { all: { tags: ".*" } } }, "retention.all", "lastPushedDays"],
  ["no expression", { retention: { t: { tags: "(", lastPushedDays: 1 } } }, "retention.t.tags", "tmp-"],
  [
    "a bad policy name",
    { retention: { "a b": { tags: "x", lastPushedDays: 1 } } },
    'retention["a b"]',
    "letters",
  ],
  ["a secret", { clientSecret: CANARY }, "clientSecret", ""],
  ["an unknown field", { issuers: "" }, "issuers", 'did you mean "issuer"?'],
])("%s", (_, change, path, hint) => {
  const result = nexus.safe({ ...cases.strix, ...change });
  if (result.ok) throw new Error("it is valid");
  const found = result.findings.find((finding) => finding.path === path);
  expect(found, JSON.stringify(result.findings)).toMatchObject({
    code: "registry/valid-intent",
    severity: "error",
  });
  expect(found?.hint).toContain(hint);
  expect(JSON.stringify(result.findings)).not.toContain("c4n4ry");
});
