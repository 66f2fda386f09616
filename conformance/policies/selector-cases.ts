import { type Case, cases, policy } from "./case.ts";
import { LABEL_KEYS, LABEL_VALUES } from "./label-words.ts";

const selector = (podSelector: unknown) => policy({ podSelector });
const expression = (e: unknown) => selector({ matchExpressions: [e] });

/** Label selectors. */
export const SELECTOR_CASES: readonly Case[] = [
  ...cases("label value", (v) => selector({ matchLabels: { app: v } }), LABEL_VALUES),
  ...cases("label key", (k) => selector({ matchLabels: Object.fromEntries([[k, "v"]]) }), LABEL_KEYS),
  ...cases("matchLabels", (matchLabels) => selector({ matchLabels }), [null, {}, [], "a=b", [{ a: "b" }], 1]),
  { name: "two bad labels", policy: selector({ matchLabels: { "-": "-", "a b": "c d", ok: "ok" } }) },
  ...cases("expression", expression, [
    { key: "a", operator: "In", values: ["b"] },
    { key: "a", operator: "NotIn", values: ["b", "c"] },
    { key: "a", operator: "Exists" },
    { key: "a", operator: "DoesNotExist", values: [] },
    { key: "a", operator: "In" },
    { key: "a", operator: "NotIn", values: [] },
    { key: "a", operator: "In", values: null },
    { key: "a", operator: "Exists", values: ["b"] },
    { key: "a", operator: "DoesNotExist", values: ["b", "-"] },
    { key: "a", operator: "Equals", values: ["b"] },
    { key: "a", operator: "in", values: ["b"] },
    { key: "a", operator: "", values: ["b"] },
    { key: "a", operator: "Gt", values: ["1"] },
    { key: "a", values: ["b"] },
    { operator: "Exists" },
    { key: "", operator: "Exists" },
    { key: "a", operator: "In", values: ["", "b"] },
    { key: "a", operator: "In", values: [null] },
    { key: "a", operator: "In", values: ["a b", "b", "c-"] },
    { key: "a", operator: "In", values: [1] },
    { key: "a", operator: "In", values: "b" },
    { key: "a", operator: 1 },
    { key: 1, operator: "Exists" },
    { key: "A/B/C", operator: "Is", values: ["-"] },
    {},
    null,
    "a",
    ["a"],
  ]),
  ...cases("expression key", (key) => expression({ key, operator: "Exists" }), LABEL_KEYS),
  ...cases("matchExpressions", (matchExpressions) => selector({ matchExpressions }), [null, [], {}, "a", 1]),
];
