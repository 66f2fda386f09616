import { describe, expect, it } from "vitest";
import { namespace, pod, policy, service, workload } from "../../test/objects.ts";
import { explainReach } from "./explain.ts";
import { networkModel } from "./model.ts";
import { type ReachQuery, reach } from "./verdict.ts";

const lines = new Map([
  ["spec.ingress[0].from[0]", 9],
  ["spec.ingress[0].from[1]", 12],
  ["spec.ingress[0].ports", 15],
]);
const locate = (_: object, path: string) => ({
  file: "firewall.yaml",
  line: lines.get(path) ?? 1,
  column: 1,
});
const busybox = (space: string) => [
  workload("Deployment", `${space}/busybox`, {
    labels: { app: "busybox" },
    ports: [{ containerPort: 8000 }],
  }),
  service(`${space}/busybox`, { selector: { app: "busybox" }, ports: [{ port: 80, targetPort: 8000 }] }),
];
const envs = (...values: string[]) => values.map((env) => ({ namespaceSelector: { matchLabels: { env } } }));
const strix = [
  ...[
    ["default", "common"],
    ["prod", "prod"],
    ["dev", "dev"],
  ].map(([name, env]) => namespace(name!, { env: env! })),
  ...["default", "prod", "dev"].flatMap(busybox),
  policy("prod/namespace-ingress", {
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [{ from: envs("prod", "common") }],
  }),
  policy("dev/namespace-ingress", {
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [{ from: envs("dev", "common") }],
  }),
];
const explain = (query: ReachQuery, resources = strix) =>
  explainReach(reach(networkModel(resources, { locate }), query));

describe("explainReach", () => {
  it("names the policy, rule and line that refuse", () => {
    expect(explain({ from: "prod/busybox", to: "dev/busybox", port: 80 })).toBe(
      [
        "prod/busybox -> dev/busybox : 80/TCP is denied",
        "  via      Service dev/busybox, port 80 is 8000 of the pod",
        "  egress   allowed: no policy isolates prod/busybox for egress",
        "  ingress  denied: NetworkPolicy dev/namespace-ingress isolates dev/busybox for ingress, and no rule admits it",
        "           - NetworkPolicy dev/namespace-ingress spec.ingress[0].from[0] (firewall.yaml:9): namespace prod has env=prod, the rule wants env=dev",
        "",
      ].join("\n"),
    );
  });

  it("names the policy, rule and line that admit", () => {
    expect(explain({ from: "default/busybox", to: "dev/busybox", port: 80 })).toContain(
      "  ingress  allowed: NetworkPolicy dev/namespace-ingress admits it at spec.ingress[0].from[1] (firewall.yaml:12)\n",
    );
  });

  it("tells the ports that get through when every port is asked for", () => {
    const some = policy("dev/some", { ingress: [{ ports: [{ port: 80, endPort: 90 }, { port: 443 }] }] });
    const text = explain({ from: "prod/busybox", to: "dev/busybox" }, [...strix, some]);
    expect(text).toContain(
      "prod/busybox -> dev/busybox : every port of TCP is partly allowed\n  allowed  ports 80-90, 443\n",
    );
    expect(text).toContain(
      "spec.ingress[0].ports (firewall.yaml:15): it admits 80-90/TCP, 443/TCP, asked was 1/TCP",
    );
  });

  it("tells what is missing", () => {
    const text = explain(
      { from: "prod/busybox", to: "dev/busybox", port: 80 },
      strix.filter((r) => r.kind !== "Namespace"),
    );
    expect(text).toContain("is unknown\n");
    expect(text).toContain("label env of namespace prod is not known, the rule wants env=dev");
    expect(explain({ from: "prod/busybx", to: "dev/busybox" })).toBe(
      'prod/busybx -> dev/busybox : every port of TCP is unknown\n  because  prod/busybx: no pod, workload or Service has this name in the set: did you mean "prod/busybox"?\n',
    );
  });

  it("says why pods, blocks and ports do not match", () => {
    const because = (spec: unknown, from: ReachQuery["from"] = "a/client", port = 80) => {
      const set = [
        namespace("a"),
        namespace("b"),
        pod("a/client", { ips: ["10.0.0.1"] }),
        pod("b/server", { ips: ["10.0.0.2"], labels: { app: "x" } }),
      ];
      const verdict = reach(networkModel([...set, policy("b/p", { ingress: spec })]), {
        from,
        to: "b/server",
        port,
      });
      return verdict.ingress.misses.map((miss) => `${miss.missed}: ${miss.because}`);
    };
    expect(because([])).toEqual(["rules: it admits no ingress at all"]);
    expect(because([{ from: [{ podSelector: {} }] }])).toEqual([
      "peer: a/client is in a, the rule speaks of pods in b, its own namespace",
    ]);
    expect(
      because([
        {
          from: [
            {
              namespaceSelector: {},
              podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
            },
          ],
        },
      ]),
    ).toEqual(["peer: a/client has no label app, the rule wants app"]);
    expect(because([{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/24"] } }] }])).toEqual([
      "peer: 10.0.0.1 is excepted: 10.0.0.0/8 except 10.0.0.0/24",
    ]);
    expect(because([{ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }] }])).toEqual([
      "peer: 10.0.0.1 is not in 192.0.2.0/24",
    ]);
    expect(because([{ from: [{ namespaceSelector: {} }] }], { ip: "192.0.2.1" })).toEqual([
      "peer: 192.0.2.1 is no pod, the rule speaks of pods",
    ]);
    expect(because([{ from: [{ podSelector: {} }], ports: [{ port: "http" }] }])).toEqual([
      "peer and port: a/client is in a, the rule speaks of pods in b, its own namespace; it admits http/TCP, asked was 80/TCP (b/server declares no port named http)",
    ]);
  });
});
