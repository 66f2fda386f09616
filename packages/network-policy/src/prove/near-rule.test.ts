import type { Finding } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { networkModel } from "../reach/model.ts";
import { env, policy, prove } from "./claims.test-support.ts";
import { factsOf } from "./facts-of.ts";
import { parseReachClaim } from "./parse-claim.ts";
import { proveClaims } from "./prove-claims.ts";

const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });
const pod = (namespace: string, name: string, port: number, podIP: string) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { namespace, name, labels: { app: name } } },
  spec: { containers: [{ name, image: name, ports: [{ name, containerPort: port }] }] },
  status: { podIP },
});
const namespace = (name: string, labels: Record<string, string>) => ({
  ...{ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
});
const deny = (direction: "Ingress" | "Egress") =>
  policy("apps", "deny", { podSelector: {}, policyTypes: [direction] });
const redis = (...ingress: unknown[]) => policy("apps", "redis", { ...app("redis"), ingress });
const set = [
  ...[namespace("apps", {}), namespace("ops", { env: "common" })],
  ...[
    pod("apps", "web", 8080, "10.0.0.1"),
    pod("apps", "redis", 6379, "10.0.0.2"),
    pod("ops", "backup", 8080, "10.0.0.3"),
  ],
];

/** The only finding of a claim about the pods above; none when it is proved. */
function findingOf(text: string, ...policies: ReturnType<typeof policy>[]): Finding | undefined {
  const claim = parseReachClaim(text, { by: "t", environments: {} });
  if (!claim.ok) throw new Error(claim.findings[0]!.message);
  return proveClaims(factsOf(networkModel([...set, ...policies])), [claim.value])[0]!.findings[0];
}

describe("of the rules that refuse, a broken claim names the one that comes nearest", () => {
  test("two selectors in one entry, where either was meant; the policies that isolate are beside", () => {
    const ports = [{ port: "redis" }];
    const meant = { from: [env("common"), app("web")], ports };
    const written = { from: [{ ...env("common"), ...app("web") }], ports };
    expect(findingOf("apps/web -> apps/redis:6379", deny("Ingress"), redis(meant))).toBeUndefined();
    expect(findingOf("apps/web -> apps/redis:6379", deny("Ingress"), redis(written))).toMatchObject({
      message: expect.stringContaining(
        "NetworkPolicy apps/deny and 1 more isolate it for ingress and have no rule that admits it; NetworkPolicy apps/redis comes nearest, at spec.ingress[0].from[0]: namespace apps has no label env, the rule wants env=common",
      ),
      hint: "make podSelector of spec.ingress[0].from[0] in NetworkPolicy apps/redis an entry of from of its own: beside namespaceSelector both must hold",
      path: "spec.ingress[0].from[0]",
      subject: { kind: "NetworkPolicy", namespace: "apps", name: "redis" },
      related: [
        {
          message: "NetworkPolicy apps/deny isolates it for ingress",
          subject: { kind: "NetworkPolicy", namespace: "apps", name: "deny" },
          path: "spec.podSelector",
        },
      ],
    });
  });

  test("a podSelector that misses, though nothing else speaks of the flow than the namespace", () => {
    const finding = findingOf("apps/web -> apps/redis:6379", deny("Ingress"), redis({ from: [app("wbe")] }));
    expect(finding).toMatchObject({
      message: expect.stringContaining("apps/web has app=web, the rule wants app=wbe"),
      hint: "change podSelector of spec.ingress[0].from[0] in NetworkPolicy apps/redis so that it matches, or add an entry for it to spec.ingress[0].from",
    });
  });

  test("a podSelector for pods of another namespace, without namespaceSelector", () => {
    const finding = findingOf("ops/backup -> apps/redis:6379", redis({ from: [app("backup")] }));
    expect(finding).toMatchObject({
      message: expect.stringContaining(
        "without namespaceSelector the rule speaks of pods in apps, not in ops",
      ),
      hint: "add a namespaceSelector to spec.ingress[0].from[0] of NetworkPolicy apps/redis that matches its namespace, or add an entry for it to spec.ingress[0].from",
    });
  });

  test("a rule for the port is nearer than one for everyone on other ports, whichever is first", () => {
    const dns = { to: [{ namespaceSelector: {} }], ports: [{ port: 53 }] };
    const typo = { to: [app("rediss")], ports: [{ port: 6379 }] };
    const out = (...egress: unknown[]) =>
      policy("apps", "out", { ...app("web"), policyTypes: ["Egress"], egress });
    const claim = "apps/web -> apps/redis:6379";
    expect(findingOf(claim, out(dns, typo))).toMatchObject({ path: "spec.egress[1].to[0]" });
    expect(findingOf(claim, out(typo, dns))).toMatchObject({ path: "spec.egress[0].to[0]" });
    expect(findingOf(claim, out(dns))).toMatchObject({
      path: "spec.egress[0]",
      hint: "add 6379/TCP to spec.egress[0].ports of NetworkPolicy apps/out",
    });
  });

  test("fewer failing labels are nearer, then more that match", () => {
    const labels = (matchLabels: Record<string, string>) => ({ from: [{ podSelector: { matchLabels } }] });
    const claim = "apps/web -> apps/redis:6379";
    const two = labels({ app: "a", tier: "b" });
    expect(findingOf(claim, redis(two, labels({ app: "a" })))).toMatchObject({
      path: "spec.ingress[1].from[0]",
    });
    expect(findingOf(claim, redis(labels({ tier: "b" }), labels({ app: "web", tier: "b" })))).toMatchObject({
      path: "spec.ingress[1].from[0]",
    });
  });

  test.each([
    ["misses in both selectors", { from: [{ ...env("common"), ...app("a") }] }],
    ["misses in peer and ports", { from: [app("a")], ports: [{ port: 80 }] }],
    ["speaks of addresses", { from: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 6379 }] }],
    ["speaks of the flow in nothing", { from: [env("common")] }],
    ["only excludes", { from: [{ ...env("common"), podSelector: withoutLabel("x") }] }],
  ])("none, when each %s", (_, rule) => {
    expect(findingOf("apps/web -> apps/redis:6379", deny("Ingress"), redis(rule))).toMatchObject({
      path: "spec.ingress",
      subject: { name: "deny" },
      hint: "add a rule to spec.ingress of NetworkPolicy apps/deny: from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: apps } } }]",
      related: [{ message: "NetworkPolicy apps/redis isolates it for ingress" }],
    });
  });
});

function withoutLabel(key: string) {
  return { matchExpressions: [{ key, operator: "DoesNotExist" }] };
}

test("a rule for the port that is closed to a whole namespace comes with the entry that opens it", () => {
  const resources = [
    policy("prod", "p", { podSelector: {}, ingress: [{ from: [env("prod")], ports: [{ port: 80 }] }] }),
  ];
  expect(prove("env:dev -> env:prod : 80", resources).findings[0]).toMatchObject({
    message: expect.stringContaining("namespace dev has env=dev, the rule wants env=prod"),
    hint: "change namespaceSelector of spec.ingress[0].from[0] in NetworkPolicy prod/p so that it matches, or add { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: dev } } } to spec.ingress[0].from",
  });
});

test.each([
  [{ cidr: "198.51.100.0/24" }, "192.0.2.7 is not in 198.51.100.0/24"],
  [
    { cidr: "192.0.2.0/24", except: ["192.0.2.0/28"] },
    "192.0.2.7 is excepted: 192.0.2.0/24 except 192.0.2.0/28",
  ],
])("a block that misses: %j", (ipBlock, because) => {
  const egress = [{ to: [{ ipBlock }], ports: [{ port: 443 }] }];
  const resources = [policy("prod", "out", { podSelector: {}, policyTypes: ["Egress"], egress })];
  expect(prove("env:prod -> 192.0.2.7:443", resources).findings[0]).toMatchObject({
    message: expect.stringContaining(`comes nearest, at spec.egress[0].to[0]: ${because}`),
    hint: "change ipBlock of spec.egress[0].to[0] in NetworkPolicy prod/out so that it matches, or add { ipBlock: { cidr: 192.0.2.7/32 } } to spec.egress[0].to",
  });
});
