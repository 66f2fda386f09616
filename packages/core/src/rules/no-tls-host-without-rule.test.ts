import { expect, test } from "vitest";
import { noTlsHostWithoutRule } from "./no-tls-host-without-rule.ts";
import { found, object } from "./references/sets.test-support.ts";

const ingress = (hosts: string[], rules: (string | undefined)[], extra: object = {}) =>
  object("networking.k8s.io/v1", "Ingress", "x", {
    spec: { tls: [{ hosts, secretName: "t" }], rules: rules.map((host) => ({ host })), ...extra },
  });

test("hosts that rules are for, wildcards either way, and rules for every host", () => {
  for (const right of [
    ingress(["a.example.org"], ["a.example.org"]),
    ingress(["*.example.org"], ["a.example.org"]),
    ingress(["a.example.org"], ["*.example.org"]),
    ingress(["a.example.org"], [undefined]),
    ingress(["a.example.org"], []),
    ingress(["a.example.org"], ["b.example.org"], { defaultBackend: { service: { name: "x" } } }),
  ])
    expect(found(noTlsHostWithoutRule, [right])).toEqual([]);
});

test("a host of no rule, with the near one", () => {
  const wrong = ingress(["a.example.org", "a.exmaple.org"], ["a.example.org"]);
  expect(noTlsHostWithoutRule.check({ resources: [wrong] })).toMatchObject([
    { severity: "warning", path: "spec.tls[0].hosts[1]", hint: 'did you mean "a.example.org"?' },
  ]);
  expect(found(noTlsHostWithoutRule, [ingress(["*.example.org"], ["a.b.example.org"])])).toHaveLength(1);
});
