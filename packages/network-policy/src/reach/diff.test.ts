import type { Resource } from "@ashlar/core";
import { describe, expect, it } from "vitest";
import { namespace, pod, policy, workload } from "../../test/objects.ts";
import { reachDiff } from "./diff.ts";
import { formatReachChange } from "./explain.ts";
import { networkModel } from "./model.ts";

const spaces = [namespace("prod", { env: "prod" }), namespace("dev", { env: "dev" })];
const apps = [
  workload("Deployment", "prod/web", { labels: { app: "web" } }),
  workload("Deployment", "dev/web", { labels: { app: "web" } }),
];
const closed = policy("prod/closed", { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
const diff = (before: readonly Resource[], after: readonly Resource[]) =>
  reachDiff(networkModel(before), networkModel(after)).map(formatReachChange);

describe("reachDiff", () => {
  it("speaks of whole namespaces and of the outside where all pairs change", () => {
    expect(diff([...spaces, ...apps], [...spaces, ...apps, closed])).toEqual([
      "closes dev -> prod",
      "closes outside -> prod",
    ]);
    expect(diff([...spaces, ...apps, closed], [...spaces, ...apps])).toEqual([
      "opens dev -> prod",
      "opens outside -> prod",
    ]);
  });

  it("says what policies alone change, without any pod in the set", () => {
    expect(diff(spaces, [...spaces, closed])).toEqual(["closes dev -> prod", "closes outside -> prod"]);
  });

  it("speaks of endpoints where not all of a namespace change, and of ports", () => {
    const web = (port: unknown) =>
      policy("prod/web", {
        podSelector: { matchLabels: { app: "web" } },
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port, protocol: "TCP" }] }],
      });
    expect(diff([...spaces, ...apps, web(80)], [...spaces, ...apps, web(81)])).toEqual([
      "closes dev, prod -> prod/web : 80/TCP",
      "opens dev, prod -> prod/web : 81/TCP",
    ]);
  });

  it("names the part of the outside that changes", () => {
    const from = (cidr: string) => policy("prod/in", { ingress: [{ from: [{ ipBlock: { cidr } }] }] });
    const changes = diff([...spaces, from("192.0.2.0/25")], [...spaces, from("192.0.2.0/24")]);
    expect(changes).toEqual(["opens 192.0.2.128/25 -> prod"]);
  });

  it("tells what becomes unknown from what closes", () => {
    const after = [
      ...apps,
      spaces[0]!,
      policy("prod/in", { ingress: [{ from: [{ namespaceSelector: { matchLabels: { env: "dev" } } }] }] }),
    ];
    const before = [...spaces, ...apps];
    expect(diff(before, after)).toContain("may close dev -> prod");
    expect(diff(after, before)).toContain("may open dev -> prod");
  });

  it("counts pairs, and not those of a pod with itself", () => {
    const pods = ["a", "b", "c"].map((name) =>
      pod(`prod/${name}`, { ips: [`10.0.0.${name.charCodeAt(0)}`] }),
    );
    const before = networkModel([spaces[0]!, ...pods]);
    const after = networkModel([spaces[0]!, ...pods, policy("prod/none", {})]);
    const [inside] = reachDiff(before, after).filter((c) => c.from.namespaces.includes("prod"));
    // Three pods and any other one: each to each, a pod not to itself, but other pods to one another.
    expect(inside).toMatchObject({
      change: "closes",
      from: { whole: true },
      to: { whole: true },
      pairs: 4 * 4 - 3,
    });
  });

  it("a pod that always reaches itself does not keep its namespace from being whole", () => {
    const pods = ["a", "b"].map((name) =>
      pod(`prod/${name}`, { labels: { app: name }, ips: [`10.0.0.${name.charCodeAt(0)}`] }),
    );
    const onlyA = policy("prod/a", { podSelector: { matchLabels: { app: "a" } } });
    expect(diff([...spaces, ...pods], [...spaces, ...pods, onlyA])).toEqual([
      "closes dev, prod -> prod/a",
      "closes outside -> prod/a",
    ]);
  });

  it("sees pods move between nodes that reach them", () => {
    const host = pod("dev/host", { ips: ["192.0.2.1"], spec: { hostNetwork: true, nodeName: "n1" } });
    const server = (nodeName: string) => pod("prod/server", { ips: ["10.0.0.1"], spec: { nodeName } });
    const none = policy("prod/none", {});
    expect(diff([...spaces, host, server("n1"), none], [...spaces, host, server("n2"), none])).toEqual([
      "closes dev/host -> prod/server",
    ]);
  });
});
