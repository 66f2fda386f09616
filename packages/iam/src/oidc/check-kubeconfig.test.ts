import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkKubeconfig } from "./check-kubeconfig.ts";
import { kubeconfig } from "./kubeconfig.ts";

const plain = { issuer: "https://iam.example.test/realms/platform", clientId: "kubernetes" };

describe("kubeconfigs", () => {
  const user = (value: object) => ({ kind: "Config", users: [{ name: "a", user: value }] });
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    interactiveMode: "IfAvailable",
  };

  test("our own is right, and needs the cluster of another file", () => {
    const { path, text } = kubeconfig({ ...plain, kubectl: { cluster: "k8s.strix.kr", namespace: "dev" } });
    expect(path).toBe("kubeconfig/k8s.strix.kr-oidc.yaml");
    expect(text).not.toContain("secret");
    expect(checkKubeconfig(user({ exec }))).toEqual([]);
  });

  test.each<[string, object, string, string, string]>([
    [
      "the provider of 2018",
      { "auth-provider": { name: "oidc", config: { "client-secret": "hunter2" } } },
      "iam/no-auth-provider",
      "error",
      "users[0].user.auth-provider",
    ],
    [
      "the same with a refresh token",
      { "auth-provider": { name: "oidc", config: { "refresh-token": "hunter2" } } },
      "iam/no-auth-provider",
      "warning",
      "users[0].user.auth-provider",
    ],
    [
      "Google's",
      { "auth-provider": { name: "gcp" } },
      "iam/no-auth-provider",
      "error",
      "users[0].user.auth-provider",
    ],
    [
      "an old exec",
      { exec: { ...exec, apiVersion: "client.authentication.k8s.io/v1alpha1" } },
      "iam/valid-kubeconfig",
      "error",
      "users[0].user.exec.apiVersion",
    ],
    [
      "exec without a mode",
      { exec: { ...exec, interactiveMode: undefined } },
      "iam/valid-kubeconfig",
      "error",
      "users[0].user.exec.interactiveMode",
    ],
    [
      "a misspelt mode",
      { exec: { ...exec, interactiveMode: "Allways" } },
      "iam/valid-kubeconfig",
      "error",
      "users[0].user.exec.interactiveMode",
    ],
    [
      "no command",
      { exec: { ...exec, command: "" } },
      "iam/valid-kubeconfig",
      "error",
      "users[0].user.exec.command",
    ],
  ])("%s", (_, value, code, severity, path) => {
    const findings = checkKubeconfig(user(value));
    expect(findings).toEqual([expect.objectContaining({ code, severity, path })]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  test("a context of nothing", () => {
    const config = {
      kind: "Config",
      users: [{ name: "ada" }],
      contexts: [{ name: "c", context: { user: "adda", cluster: "k" } }],
      "current-context": "d",
    };
    expect(checkKubeconfig(config).map(({ path, severity }) => [path, severity])).toEqual([
      ["contexts[0].context.cluster", "warning"],
      ["contexts[0].context.user", "warning"],
      ["current-context", "warning"],
    ]);
  });
});

test("any JSON gives findings, not an error", () => {
  const keys = fc.constantFrom(
    "kind",
    "users",
    "name",
    "user",
    "exec",
    "auth-provider",
    "contexts",
    "context",
    "clusters",
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.dictionary(keys, fc.oneof(fc.constant("Config"), tie("value"))),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, (document) => {
      for (const finding of checkKubeconfig(document)) expect(finding.hint).not.toBe("");
    }),
    { seed: 13, numRuns: 500 },
  );
});
