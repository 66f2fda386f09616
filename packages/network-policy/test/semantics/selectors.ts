import { namespace, pod, policy } from "../objects.ts";
import { type Checks, expectAll, tcp } from "./api.ts";

const all80 = tcp(80);

const selectorCases: readonly [string, unknown, web: string, none: string, empty: string][] = [
  [
    "In",
    { matchExpressions: [{ key: "tier", operator: "In", values: ["x", "y"] }] },
    "allowed",
    "denied",
    "denied",
  ],
  [
    "NotIn holds when the key is absent",
    { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["x"] }] },
    "denied",
    "allowed",
    "allowed",
  ],
  ["Exists", { matchExpressions: [{ key: "tier", operator: "Exists" }] }, "allowed", "denied", "allowed"],
  [
    "DoesNotExist holds when the key is absent",
    { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
    "denied",
    "allowed",
    "denied",
  ],
  [
    "matchLabels with an empty value needs the key",
    { matchLabels: { tier: "" } },
    "denied",
    "denied",
    "allowed",
  ],
  [
    "requirements must all hold",
    { matchLabels: { tier: "x" }, matchExpressions: [{ key: "app", operator: "Exists" }] },
    "denied",
    "denied",
    "denied",
  ],
];

/** Each operator, on pods with tier=x, without tier, and with an empty tier; and on namespaces alike. */
export const selectorChecks: Checks = Object.fromEntries(
  selectorCases.map(([title, selector, x, none, empty]) => [
    title,
    (api) => {
      const labels = { x: { tier: "x" }, none: {}, empty: { tier: "" } } as Record<
        string,
        Record<string, string>
      >;
      const target = [namespace("t"), pod("t/target")];
      const pods = Object.entries(labels).map(([name, own]) => pod(`t/${name}`, { labels: own }));
      const rows = [
        ["x", x],
        ["none", none],
        ["empty", empty],
      ] as const;
      const bySelector = (key: string) =>
        policy("t/p", { podSelector: {}, ingress: [{ from: [{ [key]: selector }] }] });
      expectAll(
        api,
        [...target, ...pods, bySelector("podSelector")],
        rows.map(([name, outcome]) => [`t/${name}`, "t/target", all80, outcome]),
      );
      const inSpaces = Object.entries(labels).flatMap(([name, own]) => [
        namespace(name, own),
        pod(`${name}/pod`),
      ]);
      expectAll(
        api,
        [...target, ...inSpaces, bySelector("namespaceSelector")],
        rows.map(([name, outcome]) => [`${name}/pod`, "t/target", all80, outcome]),
      );
      const isolating = policy("t/p", { podSelector: selector });
      const opposite = { allowed: "denied", denied: "allowed" } as Record<string, string>;
      expectAll(
        api,
        [...target, ...pods, isolating],
        rows.map(([name, outcome]) => ["t/target", `t/${name}`, all80, opposite[outcome]!]),
      );
    },
  ]),
);
