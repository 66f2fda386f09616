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

  describe("pods that could exist", () => {
    const admit = (...from: unknown[]) => policy("prod/in", { podSelector: {}, ingress: [{ from }] });
    const labelled = (app: string, more = {}) => ({
      namespaceSelector: {},
      podSelector: { matchLabels: { app, ...more } },
    });
    const none = policy("prod/in", { podSelector: {}, ingress: [] });

    it("tells what opens to labels that no pod of the set has", () => {
      expect(diff([...spaces, none], [...spaces, admit(labelled("x"))])).toEqual([
        "opens pods labelled app=x in dev, prod -> prod",
      ]);
      expect(diff([...spaces, ...apps, admit(labelled("x"))], [...spaces, ...apps, none])).toEqual([
        "closes pods labelled app=x in dev, prod -> prod",
      ]);
    });

    it("speaks of pods that have the labels, and of others beside them", () => {
      expect(diff([...spaces, ...apps, none], [...spaces, ...apps, admit(labelled("web"))])).toEqual([
        "opens dev/web -> prod",
        "opens prod/web -> prod",
      ]);
      expect(diff([...spaces, none], [...spaces, admit(labelled("x"), { podSelector: {} })])).toEqual([
        "opens pods labelled app=x in dev -> prod",
        "opens prod -> prod",
      ]);
    });

    it("says which pods of a namespace stay as they are", () => {
      expect(diff(spaces, [...spaces, admit(labelled("x"))])).toEqual([
        "closes dev, prod but pods labelled app=x -> prod",
        "closes outside -> prod",
      ]);
    });

    it("says which pods a policy selects", () => {
      const db = policy("prod/db", { podSelector: { matchLabels: { app: "db" } } });
      expect(diff([...spaces, ...apps], [...spaces, ...apps, db])).toEqual([
        "closes dev, prod -> pods labelled app=db in prod",
        "closes outside -> pods labelled app=db in prod",
      ]);
    });

    it("finds pods that need the labels of several selectors", () => {
      const sending = policy("dev/out", { policyTypes: ["Egress"] });
      const some = policy("dev/some", {
        podSelector: { matchLabels: { net: "yes" } },
        policyTypes: ["Egress"],
        egress: [{}],
      });
      const rest = [...spaces, sending, some];
      expect(diff([...rest, none], [...rest, admit(labelled("x"))])).toEqual([
        "opens pods labelled app=x in prod -> prod",
        "opens pods labelled app=x,net=yes in dev -> prod",
      ]);
    });

    it("knows labels of any value, and those that keep a pod out", () => {
      const by = (operator: string, values?: string[]) =>
        admit({ podSelector: { matchExpressions: [{ key: "app", operator, ...(values && { values }) }] } });
      const only = [spaces[0]!];
      expect(diff([...only, none], [...only, by("Exists")])).toEqual([
        "opens pods labelled app in prod -> prod",
      ]);
      expect(diff([...only, none], [...only, by("NotIn", ["x"])])).toEqual([
        "opens prod but pods labelled app=x -> prod",
      ]);
      expect(diff([...only, by("In", ["x"])], [...only, by("In", ["x", "y"])])).toEqual([
        "opens pods labelled app=y in prod -> prod",
      ]);
    });

    it("speaks of the labels of a workload that comes with its policy", () => {
      const spy = workload("Deployment", "dev/spy", { labels: { app: "spy" } });
      expect(diff([...spaces, none], [...spaces, spy, admit(labelled("spy"))])).toEqual([
        "opens pods labelled app=spy in dev, prod -> prod",
      ]);
    });

    it("says nothing of policies that are written otherwise", () => {
      const twice = admit(labelled("x"), labelled("x"));
      expect(diff([...spaces, admit(labelled("x"))], [...spaces, twice])).toEqual([]);
    });
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
