import type { Locate, Place, Resource, ResourceRef } from "./resource.ts";
import { refOf } from "./resource.ts";

/** `error`: the component rejects it, a claim is broken or a secret leaks. `warning`: works, but is likely not meant. */
export type Severity = "error" | "warning";

/** A problem, where it is, and what to write instead. */
export interface Finding {
  /** `package/rule`, stable: `network-policy/valid-network-policy`. */
  readonly code: string;
  readonly severity: Severity;
  /** What was expected, what was found. Names the object or word in question. */
  readonly message: string;
  /** What to write or do instead. */
  readonly hint: string;
  /** Field path as the API server prints it (`spec.ingress[0].from[1]`); empty for the whole object or input. */
  readonly path: string;
  readonly subject?: ResourceRef;
  readonly at?: Place;
  /** The certain remedy, as JSON patch (RFC 6902) of the object; absent when somebody has to decide. */
  readonly fix?: readonly PatchOperation[];
  /** Other places that belong to the problem: the object that it collides with, the policy that decides. */
  readonly related?: readonly Related[];
}

/** One operation of a JSON patch; `path` is a JSON pointer (RFC 6901): `/spec/ingress/0/from`. */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export interface Related {
  readonly message: string;
  readonly subject?: ResourceRef;
  readonly path?: string;
  readonly at?: Place;
}

/** A finding about a field of an object, its place filled in when the object came from a text. */
export function findingAbout(
  resource: Resource,
  locate: Locate | undefined,
  finding: Omit<Finding, "subject" | "at">,
): Finding {
  const at = locate?.(resource, finding.path);
  return { ...finding, subject: refOf(resource), ...(at && { at }) };
}

/** Stable order: by file, position, subject, path, code; findings without a place come last. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(compareFindings);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.at?.file ?? "\uffff", b.at?.file ?? "\uffff") ||
    (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
    (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
    compare(subjectKey(a), subjectKey(b)) ||
    compare(a.path, b.path) ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

function subjectKey({ subject: s }: Finding): string {
  return s ? `${s.namespace ?? ""}/${s.kind}/${s.name}` : "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
