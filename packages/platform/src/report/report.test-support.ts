import type { Finding, Proof } from "@ashlar/core";
import type { CheckReport } from "../check.ts";

/** Text that breaks out of formats that do not escape: markup, commands, placeholders, controls, lone surrogates. */
export const HOSTILE =
  "a<b>&\"'\u0000\u0008\u001b[31m\u0085\u2028\u202e\ufffe\ud800 ]]> <!-- --> ::error::x,y=%0A%25 {0} [l](http://x) \r\n::add-mask::z \u{1f600} \ud83d";

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    code: "core/unique-resource",
    severity: "error",
    message: "expected one object, got two",
    hint: "rename one",
    path: "",
    ...over,
  };
}

export function reportOf(findings: readonly Finding[], over: Partial<CheckReport> = {}): CheckReport {
  const count = (severity: Finding["severity"]) => findings.filter((f) => f.severity === severity).length;
  return {
    findings,
    proofs: [],
    summary: {
      objects: 3,
      errors: count("error"),
      warnings: count("warning"),
      claims: { proved: 0, broken: 0, unknown: 0, vacuous: 0 },
    },
    ...over,
  };
}

export function proof(
  outcome: Proof["outcome"],
  text: string,
  findings: readonly Finding[] = [],
  by = "expect",
): Proof {
  return { claim: { kind: "reach", text, by }, outcome, findings };
}

/** A report with everything in it, and hostile text wherever foreign text can stand. */
export function fullReport(): CheckReport {
  const subject = { apiVersion: "v1", kind: HOSTILE, namespace: HOSTILE, name: HOSTILE };
  const at = { file: `dir/${HOSTILE}.yaml`, line: 3, column: 7 };
  const hostile = finding({ message: HOSTILE, hint: HOSTILE, path: HOSTILE, subject, at });
  const broken = finding({ code: "network-policy/broken-claim", message: "counter-example:\ndev/x" });
  const unknown = finding({ code: "network-policy/unknown-claim", severity: "warning" });
  const fixable = finding({
    code: "core/no-removed-api",
    severity: "warning",
    subject: { apiVersion: "v1", kind: "ConfigMap", name: "a" },
    fix: [{ op: "replace", path: "/apiVersion", value: "apps/v1" }],
    related: [{ message: HOSTILE, subject, at, path: "spec" }, { message: "no place" }],
  });
  const known = finding({ message: "known", at });
  const taken = finding({ code: "core/no-tab", message: "taken", at });
  return reportOf([hostile, broken, unknown, fixable], {
    proofs: [
      proof("proved", `env:a -> env:b ${HOSTILE}`, [], "firewall"),
      proof("broken", "env:dev -/-> env:prod", [broken]),
      proof("unknown", "ns:x -> ns:y", [unknown]),
    ],
    suppressed: [
      { finding: taken, suppression: { code: "core/no-tab", because: HOSTILE, until: "2099-12-31" } },
    ],
    baseline: {
      known: [known],
      fixed: [{ code: "core/x", path: "", message: HOSTILE, file: HOSTILE, count: 2 }],
    },
  });
}
