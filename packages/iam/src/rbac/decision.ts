import type { Place, ResourceRef } from "@ashlar/core";
import type { AccessRule, AccessSubject } from "./objects.ts";

/** An object, and where it or the field that counts was written. */
export interface PlacedRef extends ResourceRef {
  readonly at?: Place;
}

/** Why a request is allowed: this rule of this role, bound by this binding to this subject. */
export interface AccessEvidence {
  /** `at`: the subject in the binding. */
  readonly binding: PlacedRef;
  /** `at`: the rule; of an aggregated ClusterRole, the role. */
  readonly role: PlacedRef;
  /** Index of the rule in the role (in what it gathers, when it is aggregated). */
  readonly ruleIndex: number;
  readonly rule: AccessRule;
  /** The first subject of the binding that the request meets. */
  readonly subject: AccessSubject;
  /** Whether Kubernetes makes the binding by itself. */
  readonly builtin: boolean;
}

/** A rule that allows, told in the server's words and as data. */
export interface Decision {
  readonly reason: string;
  readonly evidence: AccessEvidence;
}
