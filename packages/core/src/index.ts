export { type Block, compose } from "./block.ts";
export type { Claim, Proof, ProofOutcome } from "./claim.ts";
export { nearest, suggest } from "./did-you-mean.ts";
export type { Document } from "./document.ts";
export { IntentError } from "./errors.ts";
export { type Finding, findingAbout, type Related, type Severity, sortFindings } from "./finding.ts";
export type { Inventory, Rule, Versions } from "./inventory.ts";
export {
  isLabelKey,
  isLabelValue,
  type LabelRequirement,
  type LabelSelector,
  type Labels,
  meets,
  type Requirement,
  requirementsOf,
} from "./labels.ts";
export { isDnsLabel, isDnsSubdomain, isPortName } from "./names.ts";
export type { Patch } from "./patch.ts";
export {
  apiGroup,
  formatRef,
  type Locate,
  type ObjectMeta,
  type Place,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
} from "./resource.ts";
export type { Result } from "./result.ts";
export type { Step } from "./step.ts";
