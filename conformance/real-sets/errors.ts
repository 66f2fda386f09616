import { type Finding, mergeLocates, readYaml } from "@ashlar/core";
import { check } from "ashlar/check";
import type { RealSet } from "./sets.ts";

/** What `check` says of a real set that does not claim to be whole. */
export interface Verdict {
  readonly objects: number;
  /** `FILE: CODE OBJECT`, each once, in order. */
  readonly errors: readonly string[];
}

/** Holds a real set against every rule. What is said about the CRDs beside it is left out. */
export function verdictOn({ files, crds }: RealSet): Verdict {
  const beside = new Set(crds.map(({ name }) => name));
  const reads = [...crds, ...files].map(({ name, text }) => readYaml(text, { file: name }));
  const { findings } = check({
    resources: reads.flatMap(({ resources }) => resources),
    locate: mergeLocates(...reads.map(({ locate }) => locate)),
  });
  const errors = [...reads.flatMap((read) => read.findings), ...findings].filter(
    ({ severity, at }) => severity === "error" && !beside.has(at?.file ?? ""),
  );
  return {
    objects: reads.slice(crds.length).reduce((sum, { resources }) => sum + resources.length, 0),
    errors: [...new Set(errors.map(errorLine))].sort(),
  };
}

function errorLine({ code, subject, at }: Finding): string {
  return `${at?.file}: ${code}${subject ? ` ${subject.kind} ${subject.name}` : ""}`;
}
