import { nearest, suggest } from "../did-you-mean.ts";
import { apiGroup, type Resource } from "../resource.ts";
import { apiLife } from "../versions/api-versions.ts";
import type { CustomSchemas } from "./custom-schemas.ts";
import { builtInVersions } from "./definitions.ts";
import { type StructureProblem, shown } from "./words.ts";

/** What is wrong with the kind or apiVersion of an object for which no schema is known; nothing when it may well exist. */
export function kindProblems(resource: Resource, custom: CustomSchemas): StructureProblem[] {
  const { apiVersion, kind } = resource as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const wrong = [
    ...(typeof apiVersion === "string" && apiVersion !== "" ? [] : [notNamed("apiVersion", apiVersion)]),
    ...(typeof kind === "string" && kind !== "" ? [] : [notNamed("kind", kind)]),
  ];
  if (wrong.length > 0) return wrong;
  const [version, name] = [apiVersion as string, kind as string];
  const group = apiGroup(version);
  // What was once served is no-removed-api's to speak of.
  if (apiLife(version, name) !== undefined) return [];
  if (custom.has(group)) return customKindProblems(version, name, custom);
  // Only built-in groups have no dot in their names, and everybody may add groups that have one.
  return isBuiltInGroup(group) || !group.includes(".") ? builtInProblems(version, name) : [];
}

function notNamed(field: "apiVersion" | "kind", value: unknown): StructureProblem {
  const example = field === "kind" ? "Deployment" : "apps/v1";
  return {
    path: field,
    severity: "error",
    message: `${field} must be a text like ${example}, not ${value === undefined ? "missing" : shown(value)}`,
    hint: `write ${field}: and what it is, for example ${example}`,
  };
}

function isBuiltInGroup(group: string): boolean {
  return [...builtInVersions().keys()].some((apiVersion) => apiGroup(apiVersion) === group);
}

function builtInProblems(apiVersion: string, kind: string): StructureProblem[] {
  const served = builtInVersions().get(apiVersion);
  const homes = stableFirst(kind);
  if (homes.length > 0) {
    const [home, ...others] = homes;
    const sure = others.every((other) => apiGroup(other) === apiGroup(home!));
    return [
      {
        path: "apiVersion",
        severity: "error",
        message: `Kubernetes 1.36 has no ${kind} in ${shown(apiVersion)}: it is of ${homes.join(", ")}`,
        hint: `write apiVersion: ${home}`,
        // Of the same group the fields may have moved with the version.
        ...(sure &&
          apiGroup(home!) !== apiGroup(apiVersion) && {
            fix: [{ op: "replace" as const, path: "/apiVersion", value: home }],
          }),
      },
    ];
  }
  if (served) return [unknownKind(apiVersion, kind, [...served.kinds])];
  const group = apiGroup(apiVersion);
  const ofGroup = [...builtInVersions()].filter(([known]) => apiGroup(known) === group);
  const kinds = ofGroup.flatMap(([, { kinds }]) => [...kinds]);
  if (ofGroup.length > 0) return [unknownKind(apiVersion, kind, kinds)];
  return [
    {
      path: "apiVersion",
      severity: "error",
      message: `${shown(apiVersion)} is no apiVersion of Kubernetes 1.36, and the group of a custom resource has a dot in its name`,
      hint: suggest(apiVersion, builtInVersions().keys()),
    },
  ];
}

function unknownKind(apiVersion: string, kind: string, kinds: readonly string[]): StructureProblem {
  const near = kinds.find((known) => known.toLowerCase() === kind.toLowerCase()) ?? nearest(kind, kinds);
  const others = [...new Set([...builtInVersions().values()].flatMap((version) => [...version.kinds]))];
  const elsewhere = near === undefined ? nearest(kind, others) : undefined;
  const hint =
    elsewhere === undefined
      ? near === undefined
        ? suggest(kind, kinds)
        : `did you mean "${near}"?`
      : `did you mean "${elsewhere}" of ${stableFirst(elsewhere)[0]}?`;
  const isCase = near !== undefined && near.toLowerCase() === kind.toLowerCase();
  const rest = near === undefined ? [] : kinds.filter((known) => known !== near);
  const sure = near !== undefined && (isCase || nearest(kind, rest) === undefined);
  return {
    path: "kind",
    severity: "error",
    message: `Kubernetes 1.36 has no kind ${shown(kind)} in ${apiVersion}`,
    hint,
    ...(sure && { fix: [{ op: "replace", path: "/kind", value: near }] }),
  };
}

/** The apiVersions that have a kind, stable ones first. */
function stableFirst(kind: string): string[] {
  const rank = (apiVersion: string) => (/v[0-9]+$/.test(apiVersion) ? 0 : 1);
  return [...builtInVersions()]
    .filter(([, { kinds }]) => kinds.has(kind))
    .map(([apiVersion]) => apiVersion)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? 1 : -1));
}

function customKindProblems(apiVersion: string, kind: string, custom: CustomSchemas): StructureProblem[] {
  const served = custom.served(apiGroup(apiVersion));
  const versions = served.filter((one) => one.kind === kind).map((one) => one.apiVersion);
  // Its group may have other definitions, which are not in the set.
  if (versions.length === 0) return [];
  return [
    {
      path: "apiVersion",
      severity: "error",
      message: `the CustomResourceDefinition of ${kind} serves ${versions.join(", ")}, not ${apiVersion}`,
      hint: suggest(apiVersion, versions),
    },
  ];
}
