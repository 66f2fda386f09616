import { join } from "node:path";
import { applyPatches } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { controllerAnnotations } from "./build.ts";
import { controller } from "./controller.ts";
import type { ControllerInput } from "./intent.ts";
import { CONTROLLER_SETTINGS } from "./settings.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<ControllerInput>(CASES);

blockContract({ test }, { builder: controller, cases, rules: [] });
goldenTests<ControllerInput>(CASES, controller);

test("what the chart set stays", () => {
  const metadata = { name: "nginx-ingress-controller", namespace: "default" };
  const chart = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { "enable-brotli": "true", "proxy-body-size": "1m" },
  };
  const { resources, partial } = applyPatches([chart], controller(cases.strix!).patches);
  expect(resources).toEqual([
    { ...chart, data: { "enable-brotli": "true", "proxy-buffer-size": "64k", "proxy-body-size": "1g" } },
  ]);
  expect(partial).toEqual([]);
});

test("each setting that is set has its reason, and nothing else is written", () => {
  const [patch] = controller(cases.everything!).patches;
  expect(Object.keys(patch?.merge.data as object).sort()).toEqual(
    CONTROLLER_SETTINGS.map(({ key }) => key as string).sort(),
  );
  for (const { why } of CONTROLLER_SETTINGS) expect(patch?.why).toContain(why);
  expect(controller({ kind: "ingress-nginx", configMap: "c", namespace: "n" }).patches).toEqual([]);
});

test("settings of one Ingress", () => {
  expect(controllerAnnotations({ proxyBodySize: "1g", proxyReadTimeout: 600 })).toEqual({
    "nginx.ingress.kubernetes.io/proxy-body-size": "1g",
    "nginx.ingress.kubernetes.io/proxy-read-timeout": "600",
  });
});

describe("mistakes", () => {
  test.each<[string, object, string, string]>([
    ["a size in words", { proxyBodySize: "1GB" }, "proxyBodySize", "64k"],
    [
      "a size with another directive",
      { proxyBufferSize: "64k; include /etc/passwd" },
      "proxyBufferSize",
      "64k",
    ],
    ["a buffer that is too large", { proxyBufferSize: "1g" }, "proxyBufferSize", "1m or less"],
    [
      "a buffer that is too large for requests",
      { largeClientHeaderBuffers: { size: "2m" } },
      "largeClientHeaderBuffers.size",
      "1m",
    ],
    ["a name that is none", { configMap: "Nginx" }, "configMap", "a-z"],
    ["a namespace that is none", { namespace: "a.b" }, "namespace", "a-z"],
    ["an unknown field", { proxyBodysize: "1g" }, "proxyBodysize", 'did you mean "proxyBodySize"?'],
  ])("%s", (_, change, path, hint) => {
    const result = controller.safe({ kind: "ingress-nginx", configMap: "c", namespace: "n", ...change });
    if (result.ok) throw new Error("it is valid");
    expect(result.findings[0]).toMatchObject({ code: "ingress/valid-intent", path });
    expect(result.findings[0]?.hint).toContain(hint);
  });
});
