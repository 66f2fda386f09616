import type { Rule } from "@ashlar/core";
import { lintOfSet } from "./corefiles.ts";

/** Codes of the lint; what `dns/valid-corefile` says of a ConfigMap is not said twice. */
const CODES = [
  "dns/valid-plugin",
  "dns/no-removed-option",
  "dns/no-duplicate-plugin",
  "dns/unique-zone",
  "dns/no-forward-loop",
  "dns/no-name-as-upstream",
  "dns/require-ready",
  "dns/require-loop",
  "dns/require-reload",
  "dns/no-port-clash",
  "dns/no-dead-end",
  "dns/no-plain-tls",
  "dns/no-repeated-snippet",
  "dns/no-swallowed-word",
] as const;

/** The lint of every Corefile in a ConfigMap, a rule for each code. */
export const corefileLintRules: readonly Rule[] = CODES.map((code) => ({
  code,
  check: (inventory) => lintOfSet(inventory).filter((finding) => finding.code === code),
}));
