import type { UrlLogin, UrlStepKind, UrlVerdict } from "../verdict.ts";

/** Whether a login stands before what answers. `own`: nothing of the app answers. */
export type LoginState =
  | { readonly is: "guarded" | "own" }
  | { readonly is: "open"; readonly text: string; readonly hint: string }
  | { readonly is: "unknown"; readonly text: string };

/** Facts that, when they are missing, leave open whether a login is asked for; behind the login others may be missing. */
const BEFORE: readonly UrlStepKind[] = ["host", "route", "login"];

/** Judges one URL; `groups`: who has to pass, and nobody else. */
export function loginState(verdict: UrlVerdict, groups: readonly string[] | undefined): LoginState {
  const { outcome, auth, missing, steps, text, isLoginPage } = verdict;
  if (outcome === "not-found" || outcome === "redirect") return { is: "own" };
  if (missing.some((what) => BEFORE.includes(what))) return { is: "unknown", text };
  if (auth !== undefined) return groups === undefined ? { is: "guarded" } : groupState(auth, groups);
  if (outcome === "broken") return { is: "own" };
  if (isLoginPage) return { is: "own" };
  // What is behind is not known, and it may be a proxy that asks.
  if (outcome === "unknown") return { is: "unknown", text };
  const why = steps.find((step) => step.what === "login")?.text;
  return {
    is: "open",
    text: why === undefined ? `${text} without a login` : `${text}: ${why}`,
    hint: "put an auth proxy before it, or correct the claim",
  };
}

function groupState({ groups }: UrlLogin, wanted: readonly string[]): LoginState {
  const nameOf = (group: string) => group.replace(/^(role:|\/)/, "");
  if (groups === undefined)
    return {
      is: "open",
      text: `everybody who can log in passes, not only ${wanted.join(", ")}`,
      hint: `let the proxy admit ${wanted.join(", ")} only`,
    };
  const have = new Set(groups.map(nameOf));
  const want = new Set(wanted.map(nameOf));
  const more = [...have].filter((group) => !want.has(group));
  const less = [...want].filter((group) => !have.has(group));
  if (more.length === 0 && less.length === 0) return { is: "guarded" };
  const text = more.length > 0 ? `${more.join(", ")} passes too` : `${less.join(", ")} does not pass`;
  return { is: "open", text, hint: `the login lets in ${groups.join(", ")}: correct it, or the claim` };
}
