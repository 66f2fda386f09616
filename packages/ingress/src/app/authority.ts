import { type IntentProblem, isDnsSubdomain } from "@ashlar/core";
import type { RouteSettings } from "./app-fields.ts";
import { shown } from "./words.ts";

/** What is wrong with the name of the object that holds an authority. */
export function authorityProblems(ca: RouteSettings["ca"]): IntentProblem[] {
  if (typeof ca !== "object") return [];
  const [key, name] = "secret" in ca ? ["secret", ca.secret] : ["configMap", ca.configMap];
  if (isDnsSubdomain(name)) return [];
  const message = `${shown(name)} is no name of an object`;
  return [{ path: ["ca", key], message, hint: "use a-z, 0-9, - and ., at most 253" }];
}
