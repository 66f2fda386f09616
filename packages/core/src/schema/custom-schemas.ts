import { isRecord } from "../json.ts";
import { apiGroup, type Resource } from "../resource.ts";
import type { Checker } from "./reading.ts";
import { compileStructural } from "./structural.ts";

/** The kinds that the CustomResourceDefinitions of a set define. */
export interface CustomSchemas {
  /** Whether a definition of this group is there. */
  readonly has: (group: string) => boolean;
  /** What a group serves, by the definitions that are there. */
  readonly served: (group: string) => readonly ServedKind[];
  /** `undefined`: not defined here. */
  readonly checkerOf: (apiVersion: string, kind: string) => Checker | undefined;
}

export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * The schemas of the CustomResourceDefinitions (apiextensions.k8s.io/v1) among these objects. Each is compiled when the first
 * object of its kind is checked. A definition that is broken itself defines what can be read of it.
 */
export function customSchemas(resources: readonly Resource[]): CustomSchemas {
  const schemas = new Map<string, VersionSchema>();
  const served = new Map<string, ServedKind[]>();
  for (const resource of resources) {
    if (resource.kind !== "CustomResourceDefinition" || resource.apiVersion !== "apiextensions.k8s.io/v1")
      continue;
    for (const version of versionsOf(resource)) {
      const { apiVersion, kind } = version;
      schemas.set(`${apiVersion} ${kind}`, version);
      const group = apiGroup(apiVersion);
      served.set(group, [...(served.get(group) ?? []), { apiVersion, kind }]);
    }
  }
  const compiled = new Map<string, Checker>();
  return {
    has: (group) => served.has(group),
    served: (group) => served.get(group) ?? [],
    checkerOf: (apiVersion, kind) => {
      const key = `${apiVersion} ${kind}`;
      const version = schemas.get(key);
      if (version && !compiled.has(key)) compiled.set(key, compileStructural(version.schema, version));
      return compiled.get(key);
    },
  };
}

interface VersionSchema extends ServedKind {
  /** As it is written. */
  readonly schema: unknown;
  /** Its status is a subresource, dropped on create. */
  readonly dropsStatus: boolean;
}

/** Where no definition is given. */
export const noCustomSchemas: CustomSchemas = customSchemas([]);

/** The versions that a definition serves. */
function versionsOf({ spec }: Resource): VersionSchema[] {
  if (!isRecord(spec) || typeof spec.group !== "string" || !isRecord(spec.names)) return [];
  const { kind } = spec.names;
  if (typeof kind !== "string" || !Array.isArray(spec.versions)) return [];
  return spec.versions.flatMap((version: unknown) => {
    if (!isRecord(version) || typeof version.name !== "string" || version.served === false) return [];
    const schema = isRecord(version.schema) ? version.schema.openAPIV3Schema : undefined;
    const dropsStatus = isRecord(version.subresources) && isRecord(version.subresources.status);
    return [{ apiVersion: `${spec.group}/${version.name}`, kind, schema, dropsStatus }];
  });
}
