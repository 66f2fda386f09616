import { join } from "node:path";
import { type Sealed, seal } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { registryRules } from "../rules/index.ts";
import type { RegistriesInput } from "./intent.ts";
import { registries } from "./registries.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<RegistriesInput>(CASES);
const CANARY = "c4n4ry";

blockContract({ test }, { builder: registries, cases, rules: registryRules });
goldenTests<RegistriesInput>(CASES, registries);

const sealedOf = (name: string): readonly Sealed[] => registries(cases[name]!).sealed ?? [];
const configOf = (sealed: Sealed) => {
  const values = Object.fromEntries(Object.keys(sealed.values).map((value) => [value, CANARY]));
  const data = seal(sealed, values).data as Record<string, string>;
  return JSON.parse(atob(data[".dockerconfigjson"]!)) as { auths: Record<string, { username: string }> };
};

test("the reference platform: the same Secret in three namespaces, and the account default of each", () => {
  const { sealed = [], patches } = registries(cases.strix!);
  expect(sealed.map(({ metadata }) => metadata)).toEqual(
    ["default", "prod", "dev"].map((namespace) => ({ name: "local-docker-registry-secret", namespace })),
  );
  expect(sealed[0]).toMatchObject({
    type: "kubernetes.io/dockerconfigjson",
    keys: [".dockerconfigjson"],
    values: { "registry.k8s.strix.kr": { from: "env", name: "REGISTRY_PASSWORD" } },
  });
  expect(patches.map(({ merge }) => merge)).toEqual(
    ["default", "prod", "dev"].map((namespace) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace },
      imagePullSecrets: [{ name: "local-docker-registry-secret" }],
    })),
  );
});

test("registries share a Secret of one name; pushing has its own, which no account gets", () => {
  const sealed = sealedOf("everything");
  expect(
    sealed.map((one) => [
      `${one.metadata.namespace}/${one.metadata.name}`,
      Object.entries(configOf(one).auths).map(([server, { username }]) => `${username}@${server}`),
    ]),
  ).toEqual([
    ["default/local-docker-registry-secret", ["registry-puller@registry.k8s.strix.kr"]],
    [
      "dev/local-docker-registry-secret",
      ["robot@registry.example.test:5000", "registry-puller@registry.k8s.strix.kr"],
    ],
    ["dev/hub", ["hub-reader@https://index.docker.io/v1/"]],
    ["dev/registry-push", ["registry-pusher@registry.k8s.strix.kr"]],
  ]);
  const { patches } = registries(cases.everything!);
  expect(JSON.stringify(patches)).not.toContain("registry-push");
  expect(patches.map(({ merge }) => [merge.metadata.namespace, merge.metadata.name])).toEqual([
    ["default", "default"],
    ["default", "jenkins-agent"],
    ["dev", "default"],
    ["dev", "jenkins-agent"],
  ]);
});

test.each<[string, unknown, string, string]>([
  ["a path", { "a.test/team": {} }, '["a.test/team"]', "host and port"],
  ["no host", { "a b": {} }, '["a b"]', "with its port"],
  [
    "a colon in the user name",
    { "a.test": { auth: { username: "a:b" } } },
    '["a.test"].auth.username',
    "no colon",
  ],
  ["no namespace", { "a.test": { pullIn: [] } }, '["a.test"].pullIn', ""],
  ["a bad namespace", { "a.test": { pullIn: ["A"] } }, '["a.test"].pullIn[0]', "a-z"],
  ["a namespace twice", { "a.test": { pullIn: ["a", "a"] } }, '["a.test"].pullIn[1]', "once"],
  ["a bad Secret", { "a.test": { secretName: "A" } }, '["a.test"].secretName', "a-z"],
  [
    "one account for both",
    { "a.test": { push: { auth: { username: "u" }, in: ["dev"] } } },
    '["a.test"].push.auth.username',
    "second account",
  ],
  [
    "one Secret for both",
    { "a.test": { push: { auth: { username: "p" }, in: ["dev"], secretName: "registry-pull" } } },
    '["a.test"].push.secretName',
    "two names",
  ],
  [
    "a Secret of another registry",
    {
      "a.test": { push: { auth: { username: "p" }, in: ["dev"], secretName: "b" } },
      "b.test": { secretName: "b" },
    },
    '["a.test"].push.secretName',
    "of their own",
  ],
  ["a password", { "a.test": { auth: { username: "u", password: CANARY } } }, '["a.test"].auth.password', ""],
  ["an unknown field", { "a.test": { pullin: ["dev"] } }, '["a.test"].pullin', 'did you mean "pullIn"?'],
])("%s", (_, change, path, hint) => {
  const input = Object.fromEntries(
    Object.entries(change as object).map(([server, fields]) => [
      server,
      { auth: { username: "u" }, pullIn: ["dev"], ...fields },
    ]),
  );
  const result = registries.safe(input);
  if (result.ok) throw new Error("it is valid");
  const found = result.findings.find((finding) => finding.path === path);
  expect(found, JSON.stringify(result.findings)).toMatchObject({
    code: "registry/valid-intent",
    severity: "error",
  });
  expect(found?.hint).toContain(hint);
  expect(JSON.stringify(result.findings)).not.toContain(CANARY);
});
