import { readYaml } from "@ashlar/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { serverVerdict } from "../policies/verdict.ts";

// An object in memory cannot hold a field twice: what the server refuses there is found by the reader of texts.

let server: ControlPlane;

beforeAll(async () => {
  server = await startControlPlane();
});
afterAll(() => server?.stop());

const COLLECTION = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";

function policy(spec: string, metadata = '{"name": "tried"}'): string {
  return `{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ${metadata}, "spec": ${spec}}`;
}

test.each<[string]>([
  [policy('{"podSelector": {}}')],
  [policy('{"podSelector": {}, "podSelector": {}}')],
  [policy('{"podSelector": {}, "ingress": [], "egress": [], "ingress": null}')],
  [policy('{"ingress": [{}, {"from": [{"podSelector": {}, "podSelector": {}}], "ports": [], "ports": []}]}')],
  [policy('{"egress": [{"ports": [{}, {"port": 80, "protocol": "TCP", "port": 90}]}]}')],
  [policy('{"podSelector": {"matchLabels": {"app": "a", "app": "b", "team": "c"}}}')],
  [policy("{}", '{"name": "tried", "labels": {"a": "b"}, "labels": {"a": "b"}}')],
  [policy("{}", '{"name": "tried", "name": "tried"}')],
  [policy('{"podSelector": {}}, "spec": {}')],
  [policy('{"podSelector": {}, "podSelector": {}, "podSelector": {}}')],
])("%s", async (text) => {
  const theirs = serverVerdict(
    await server.createText(COLLECTION, text, { dryRun: true, fieldValidation: "Strict" }),
  );
  const ours = readYaml(text, { file: "policy.json" }).findings.filter((f) => f.severity === "error");
  expect([...new Set(ours.map((f) => f.path))].sort()).toEqual(theirs.kind === "strict" ? theirs.fields : []);
  expect(theirs.kind).toBe(ours.length > 0 ? "strict" : "accepted");
});
