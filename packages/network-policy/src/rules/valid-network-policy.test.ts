import { type Resource, refOf } from "@ashlar/core";
import { expect, test } from "vitest";
import { validNetworkPolicy } from "./valid-network-policy.ts";

const policy: Resource = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "db", namespace: "prod", labels: { "a b": "c" } },
  spec: { ingress: [{ ports: [{ port: 80, protocol: "tcp" }] }] },
};
const pathsOf = (partial?: readonly Resource[]) =>
  validNetworkPolicy
    .check({ resources: [policy], ...(partial && { partial: partial.map(refOf) }) })
    .map(({ path }) => path);

test("a policy is checked whole", () => {
  expect(pathsOf()).toEqual(["metadata.labels", "spec.ingress[0].ports[0].protocol"]);
  expect(pathsOf([{ ...policy, metadata: { name: "other", namespace: "prod" } }])).toEqual(pathsOf());
});

test("of a policy that is there as a patch alone the metadata is checked", () => {
  expect(pathsOf([policy])).toEqual(["metadata.labels"]);
});
