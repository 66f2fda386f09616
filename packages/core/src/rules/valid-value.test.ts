import { expect, test } from "vitest";
import { readYaml } from "../read-yaml/read-yaml.ts";
import { validValue } from "./valid-value.ts";

function check(text: string) {
  const { resources, locate } = readYaml(text, { file: "a.yaml" });
  return validValue.check({ resources, locate });
}

test("a finding has the server's path and the place in the text", () => {
  const findings = check(`apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels:
        app: web
        team: a b
    spec:
      containers:
        - { name: web, image: web:1 }
`);
  expect(findings).toMatchObject([
    {
      code: "core/valid-value",
      severity: "error",
      path: "spec.template.labels",
      at: { file: "a.yaml", line: 10 },
      subject: { kind: "Deployment", name: "web" },
    },
  ]);
});

test("what the server copies and refuses twice is said once", () => {
  const findings = check(`apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: web:1, resources: { limits: { CPU: 1 } } }
`);
  expect(findings.map(({ path }) => path)).toEqual(["spec.containers[0].resources.limits[CPU]"]);
});

test("a NetworkPolicy is left to its own rule", () => {
  expect(
    check("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: A_B }\nspec: {}\n"),
  ).toEqual([]);
});
