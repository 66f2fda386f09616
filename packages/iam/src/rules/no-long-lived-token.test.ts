import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { noLongLivedToken } from "./no-long-lived-token.ts";
import { found } from "./sets.test-support.ts";

const secret = (type: string, annotations: Record<string, string> = {}): Resource => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "ci-token", namespace: "dev", annotations },
  type,
});

test("a Secret that is filled with a token; the remedy names the ServiceAccount", () => {
  const set = [secret("kubernetes.io/service-account-token", { "kubernetes.io/service-account.name": "ci" })];
  expect(found(noLongLivedToken, set)).toEqual([
    "Secret dev/ci-token holds a token of ServiceAccount ci that never expires and works from anywhere @ type",
  ]);
  expect(noLongLivedToken.check({ resources: set })[0]?.hint).toContain("kubectl create token ci -n dev");
});

test("other Secrets are not", () => {
  expect(found(noLongLivedToken, [secret("Opaque"), secret("kubernetes.io/dockerconfigjson")])).toEqual([]);
});
