import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import { expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { validCorefile } from "../rules/valid-corefile.ts";
import type { KubeDnsRemovalInput } from "./intent.ts";
import { kubeDnsRemoval } from "./kube-dns-removal.ts";

const CASES = join(import.meta.dirname, "document-cases");

blockContract(
  { test },
  { builder: kubeDnsRemoval, cases: readCases<KubeDnsRemovalInput>(CASES), rules: [validCorefile] },
);
goldenTests<KubeDnsRemovalInput>(CASES, kubeDnsRemoval);

test("the patch tests what it changes before it does", () => {
  const step = kubeDnsRemoval({}).steps.find(({ argv }) => argv[1] === "patch")!;
  expect(step.argv.slice(0, 5)).toEqual([
    "kubectl",
    "patch",
    "deployment/kube-dns-autoscaler",
    "--namespace=kube-system",
    "--type=json",
  ]);
  expect(JSON.parse(step.argv[5]!.replace("--patch=", ""))).toEqual([
    { op: "test", path: "/spec/template/spec/containers/0/name", value: "autoscaler" },
    { op: "test", path: "/spec/template/spec/containers/0/command/3", value: "--target=Deployment/kube-dns" },
    {
      op: "replace",
      path: "/spec/template/spec/containers/0/command/3",
      value: "--target=deployment/coredns",
    },
  ]);
  expect(step.undo).toContain("Deployment/kube-dns");
});

test("without autoscaler and kops three steps are left, and kube-dns goes after CoreDNS is there", () => {
  const { steps, documents } = kubeDnsRemoval({ autoscaler: false });
  expect(documents).toEqual([]);
  expect(steps.map(({ title }) => title)).toEqual([
    "Wait for CoreDNS",
    "Delete kube-dns",
    "Restart CoreDNS after a change of its Corefile",
  ]);
});

test.each([
  [{ deployment: "kube dns" }, "deployment"],
  [{ coredns: "kube-dns" }, "coredns"],
  [{ coredns: "--all" }, "coredns"],
  [{ autoscaler: { container: "A" } }, "autoscaler.container"],
  [{ autoscaler: { target: "kube-dns" } }, "autoscaler.target"],
  [{ autoscaler: { index: -1 } }, "autoscaler.index"],
  [{ autoscaler: true }, "autoscaler"],
  [{ kops: { cluster: "$(id)" } }, "kops.cluster"],
  [{ kops: {} }, "kops.cluster"],
])("%j is refused at %s", (intent, path) => {
  const result = kubeDnsRemoval.safe(intent);
  expect(result.ok).toBe(false);
  if (!result.ok) expect(result.findings.map((finding) => finding.path)).toContain(path);
});
