import type { Claim } from "@ashlar/core";

/** A promise about who may do what. */
export interface AccessClaim extends Claim {
  readonly kind: "access";
  /** `can`: every one of the requests is allowed. `cannot`: none is. */
  readonly expect: "can" | "cannot";
  readonly subject: ClaimSubject;
  /** Verbs of requests; `read` and `write` are spelt out. */
  readonly verbs: readonly string[];
  readonly target: ClaimTarget;
  readonly scope: ClaimScope;
}

/** Whom a claim is about: a user or group as the authenticator gives it, a ServiceAccount, or whoever asks. */
export type ClaimSubject =
  | { readonly kind: "group" | "user"; readonly name: string }
  | { readonly kind: "serviceAccount"; readonly namespace: string; readonly name: string }
  /** Who is logged in, with no further group; who is not. */
  | { readonly kind: "anyone" | "anonymous" };

/** A resource (without `group`: the one that Kubernetes or the set has by this name), or a path that is no resource. */
export type ClaimTarget =
  | {
      readonly resource: string;
      readonly group?: string;
      readonly subresource?: string;
      readonly name?: string;
    }
  | { readonly path: string };

/**
 * `everywhere`: the cluster and all its namespaces, also those to come. `namespaces`: each of these; `name` as in the claim,
 * `prod` or `env:prod`.
 */
export type ClaimScope =
  | { readonly kind: "everywhere" }
  | { readonly kind: "namespaces"; readonly name: string; readonly namespaces: readonly string[] };

/** What `read` and `write` stand for. */
export const VERB_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["read", ["get", "list", "watch"]],
  ["write", ["create", "update", "patch", "delete", "deletecollection"]],
]);

/**
 * Completes a claim with its text, as `parseAccessClaim` reads it.
 *
 * @param words what the text says for the subject (a group of the platform by its word, `developer`) and for the verbs (`read`);
 *   absent: the subject with its kind, and every verb
 * @example
 * formatAccessClaim({ by: "groups", expect: "can", subject: { kind: "user", name: "ada" }, verbs: ["get"],
 *   target: { resource: "pods" }, scope: { kind: "everywhere" } }).text // "user:ada can get pods"
 */
export function formatAccessClaim(
  parts: Omit<AccessClaim, "kind" | "text">,
  words: { readonly subject?: string; readonly verbs?: string } = {},
): AccessClaim {
  const { subject, expect, verbs, target, scope } = parts;
  const where = scope.kind === "everywhere" ? "" : ` in ${quoted(scope.name)}`;
  const who = words.subject === undefined ? formatSubject(subject) : quoted(words.subject);
  const text = `${who} ${expect} ${words.verbs ?? verbs.join(",")} ${formatTarget(target)}${where}`;
  return { kind: "access", text, ...parts };
}

/** A subject as it is written in a claim: `group:oidc:developer`, `serviceaccount:dev/builder`. */
export function formatSubject(subject: ClaimSubject): string {
  if (subject.kind === "serviceAccount") return `serviceaccount:${subject.namespace}/${subject.name}`;
  return "name" in subject ? `${subject.kind}:${quoted(subject.name)}` : subject.kind;
}

/** A target as it is written in a claim: `deployments.apps/scale named web`, `/healthz`. */
export function formatTarget(target: ClaimTarget): string {
  if ("path" in target) return target.path;
  const { resource, group, subresource, name } = target;
  const of = `${resource}${group ? `.${group}` : ""}${subresource === undefined ? "" : `/${subresource}`}`;
  return name === undefined ? of : `${of} named ${quoted(name)}`;
}

/** A word of a claim; in quotes, as JSON, when it holds a space or a quote. */
function quoted(word: string): string {
  return word === "" || /[\s"]/.test(word) ? JSON.stringify(word) : word;
}
