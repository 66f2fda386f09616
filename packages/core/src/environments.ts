import { isLabelValue } from "./labels.ts";
import { isDnsLabel } from "./names.ts";

/** Namespaces that exist already: they are labelled and patched, never created or deleted. Made by {@link existing}. */
export interface Existing<Name extends string = string> {
  readonly existing: readonly Name[];
}

/** The namespaces of one environment: names of namespaces to create, or existing ones. */
export type EnvironmentNamespaces<Name extends string = string> = readonly Name[] | Existing<Name>;

/** Environment name → its namespaces. A namespace belongs to at most one environment. */
export type Environments = Readonly<Record<string, EnvironmentNamespaces>>;

/** Every namespace word of a set of environments, as a literal type. */
export type NamespaceOf<E extends Environments> = {
  [K in keyof E]: E[K] extends Existing<infer N>
    ? N
    : E[K] extends readonly (infer N extends string)[]
      ? N
      : never;
}[keyof E];

/**
 * Marks namespaces that somebody else made (`default`, `kube-*`, those of another team).
 *
 * @example environments: { common: existing("default", "kube-system"), prod: ["prod"] }
 */
export function existing<const Names extends readonly string[]>(...names: Names): Existing<Names[number]> {
  return { existing: names };
}

/** The names in either form. */
export function namespaceNames(namespaces: EnvironmentNamespaces): readonly string[] {
  return isExisting(namespaces) ? namespaces.existing : namespaces;
}

export function isExisting(namespaces: EnvironmentNamespaces): namespaces is Existing {
  return "existing" in namespaces;
}

/** Namespaces that every cluster has; labelled where asked for, never created. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
];

/** What is wrong with one word of an intent, for `ctx.addIssue` of a schema that holds it. */
export interface IntentProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint: string;
}

/** Names that the API refuses, namespaces in two environments, environments of nothing, system namespaces to create. */
export function environmentProblems(environments: Environments): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const owner = new Map<string, string>();
  for (const [environment, value] of Object.entries(environments)) {
    const at = ["environments", environment];
    if (environment === "" || !isLabelValue(environment))
      problems.push({
        path: at,
        message: `"${environment}" cannot be a label value`,
        hint: "name an environment with letters, digits, -, _ and ., at most 63",
      });
    if (namespaceNames(value).length === 0)
      problems.push({
        path: at,
        message: `environment "${environment}" has no namespace`,
        hint: "name at least one",
      });
    problems.push(...namespaceProblems(at, value));
    namespaceNames(value).forEach((namespace, i) => {
      const other = owner.get(namespace);
      if (other !== undefined)
        problems.push({
          path: [...at, ...(isExisting(value) ? ["existing"] : []), i],
          message: `namespace "${namespace}" is in "${other}" already`,
          hint: "a namespace belongs to one environment",
        });
      owner.set(namespace, environment);
    });
  }
  return problems;
}

/** The same for a list of namespaces that stands at `path`. */
export function namespaceProblems(
  path: readonly PropertyKey[],
  value: EnvironmentNamespaces,
): IntentProblem[] {
  return namespaceNames(value).flatMap((namespace, i) => {
    const at = [...path, ...(isExisting(value) ? ["existing"] : []), i];
    if (!isDnsLabel(namespace))
      return [
        { path: at, message: `"${namespace}" is no namespace name`, hint: "use a-z, 0-9 and -, at most 63" },
      ];
    if (!isExisting(value) && SYSTEM_NAMESPACES.includes(namespace))
      return [
        {
          path: at,
          message: `namespace "${namespace}" exists in every cluster`,
          hint: `write existing("${namespace}"): it is labelled, never created`,
        },
      ];
    return [];
  });
}
