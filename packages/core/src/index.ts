export { type Block, compose } from "./block.ts";
export type { Claim, Proof, ProofOutcome } from "./claim.ts";
export { type BlockBuilder, defineBlock, unwrap } from "./define-block.ts";
export { nearest, suggest } from "./did-you-mean.ts";
export { diffResources, type FieldChange, type ObjectChange } from "./diff.ts";
export type { Document } from "./document.ts";
export {
  type EnvironmentNamespaces,
  type Environments,
  type Existing,
  environmentProblems,
  existing,
  type IntentProblem,
  isExisting,
  type NamespaceOf,
  namespaceNames,
  namespaceProblems,
  SYSTEM_NAMESPACES,
} from "./environments.ts";
export { IntentError } from "./errors.ts";
export { formatPath, type PathSegment, parsePath } from "./field-path.ts";
export {
  type Finding,
  findingAbout,
  type PatchOperation,
  type Related,
  type Severity,
  sortFindings,
} from "./finding.ts";
export { type ImageProblem, imageProblem } from "./image-reference.ts";
export type { AssumedPods, Inventory, Rule, Versions } from "./inventory.ts";
export { isRecord } from "./json.ts";
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
export { isDnsLabel, isDnsSubdomain, isPathSegment, isPortName } from "./names.ts";
export { once } from "./once.ts";
export { kindRank, sortResources } from "./order.ts";
export { applyPatches, type Patch, type PatchedSet } from "./patch.ts";
export {
  mergeLocates,
  type OtherDocument,
  type ReadYaml,
  type ReadYamlOptions,
  readYaml,
} from "./read-yaml/read-yaml.ts";
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
export { noUnknownRight } from "./rules/no-unknown-right.ts";
export { type Fields, fieldsOf, listOf, textOf } from "./rules/references/json-values.ts";
export { type Container, type PodTemplate, podTemplateOf } from "./rules/references/pod-templates.ts";
export {
  hasResource as groupServes,
  servedGroups,
  VERBS as REQUEST_VERBS,
} from "./rules/references/served-rights.ts";
export { renderRunbook, renderRunbookScript } from "./runbook.ts";
export { type Sealed, type SecretRef, seal } from "./sealed.ts";
export { shellCommand, shellQuote } from "./shell.ts";
export type { Step } from "./step.ts";
export { writeJsonList, writeYaml, writeYamlValue } from "./write-yaml/write-yaml.ts";
export { formatInputPath, type IssueParams, zodFindings } from "./zod-findings.ts";
