import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { pointer } from "../validate/report.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-negative-grace-period";

/** A negative `terminationGracePeriodSeconds` of a pod: the API server warns of it and takes it as 1 second. */
export const noNegativeGracePeriod: Rule = {
  code: CODE,
  check: (inventory) =>
    setIndex(inventory)
      .templates()
      .flatMap(({ owner, spec, path }): Finding[] => {
        const seconds = spec.terminationGracePeriodSeconds;
        if (typeof seconds !== "number" || !(seconds < 0)) return [];
        const at = formatPath([...path, "spec", "terminationGracePeriodSeconds"]);
        return [
          findingAbout(owner, inventory.locate, {
            code: CODE,
            severity: "warning",
            message: `terminationGracePeriodSeconds must be 0 or more seconds, not ${seconds}, which is taken as 1: the pod is killed a second after it is told to stop`,
            hint: "write how many seconds the pod needs to end (30 when it is left out), or 1 for what happens now",
            path: at,
            fix: [{ op: "replace", path: pointer(at), value: 1 }],
          }),
        ];
      }),
};
