export {
  type CheckReport,
  type CheckSummary,
  check,
  networkOf,
  type ObjectSet,
  objectSet,
} from "../check.ts";
export {
  applyBaseline,
  type BaselineEntry,
  baselineOf,
  readBaseline,
  writeBaseline,
} from "../report/baseline.ts";
export { type GithubOptions, githubReport } from "../report/github.ts";
export { type JunitOptions, junitReport } from "../report/junit.ts";
export { type SarifOptions, sarifReport } from "../report/sarif.ts";
export { applySuppressions } from "../report/suppress.ts";
export type { PlacedSuppression, SuppressedFinding, Suppression } from "../report/suppression.ts";
export { rules } from "../rules.ts";
