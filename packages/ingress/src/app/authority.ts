import { type IntentProblem, isDnsSubdomain } from "@ashlar/core";
import type { RouteSettings } from "./app-fields.ts";
import type { Target } from "./target.ts";
import { shown } from "./words.ts";

/** What is wrong with the authority that a Service's certificate is to be signed by. */
export function authorityProblems(ca: RouteSettings["ca"], { scheme }: Target): IntentProblem[] {
  if (ca !== undefined && scheme === "http") {
    const hint = "write https:// before the Service, or leave ca out";
    return [{ path: ["ca"], message: "an authority is named for a Service that speaks no TLS", hint }];
  }
  if (typeof ca !== "object") return [];
  const [key, name] = "secret" in ca ? ["secret", ca.secret] : ["configMap", ca.configMap];
  if (isDnsSubdomain(name)) return [];
  const message = `${shown(name)} is no name of an object`;
  return [{ path: ["ca", key], message, hint: "use a-z, 0-9, - and ., at most 253" }];
}
