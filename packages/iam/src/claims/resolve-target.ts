import { groupServes, type Resource, servedGroups, suggest } from "@ashlar/core";
import { clusterScoped, isBuiltInGroup } from "../rules/objects/served.ts";
import type { AccessClaim } from "./claim.ts";

/** What requests of a claim ask for. Several groups: a resource that more than one of them has. */
export interface ResolvedTarget {
  readonly resource: string;
  readonly subresource?: string;
  readonly groups: readonly string[];
  readonly isClusterScoped: boolean;
}

/** Why there is nothing that a claim could speak of. */
export interface NoTarget {
  readonly problem: string;
  readonly hint: string;
}

type Target = Extract<AccessClaim["target"], { readonly resource: string }>;

/** What the API serves, for claims: Kubernetes' own resources, and those of the set's CustomResourceDefinitions. */
export interface ServedTargets {
  readonly resolve: (target: Target) => ResolvedTarget | NoTarget;
}

export function servedTargets(resources: readonly Resource[]): ServedTargets {
  const groups = servedGroups(resources);
  const isOfCluster = clusterScoped(resources);
  const custom = customResources(resources);
  const scopeOf = (found: readonly string[], resource: string) =>
    found.every((group) => isOfCluster(group, resource));

  const resolve = (target: Target): ResolvedTarget | NoTarget => {
    const { resource, group, subresource } = target;
    const written = subresource === undefined ? resource : `${resource}/${subresource}`;
    const of = (found: readonly string[]) => ({
      resource,
      ...(subresource !== undefined && { subresource }),
      groups: found,
      isClusterScoped: scopeOf(found, resource),
    });
    if (resource === "*") return { resource, groups: ["*"], isClusterScoped: false };
    if (group !== undefined && !isBuiltInGroup(group)) {
      const known = custom.filter((one) => one.group === group).map(({ plural }) => plural);
      if (known.length === 0 || known.includes(resource)) return of([group]);
      return {
        problem: `the set's group ${group} has no resource "${resource}"`,
        hint: suggest(resource, known),
      };
    }
    const searched = group === undefined ? [...groups.keys()] : [group];
    const found = searched.filter((name) => {
      const served = groups.get(name);
      return served !== undefined && groupServes(served, written);
    });
    if (group === undefined)
      found.push(
        ...custom
          .filter(({ plural, group: one }) => plural === resource && !found.includes(one))
          .map((one) => one.group),
      );
    // What is impersonated has names of resources, and is meant only where its group is named.
    const own = found.filter((name) => name !== "authentication.k8s.io");
    if (found.length > 0) return of(own.length > 0 ? own : found);
    return missing(target, written, searched);
  };

  const missing = ({ resource, subresource }: Target, written: string, own: readonly string[]): NoTarget => {
    const inGroups = own.flatMap((name) => [...(groups.get(name) ?? [])]);
    const subresources = inGroups
      .filter(([name]) => name === resource)
      .flatMap(([, served]) => served.subresources);
    if (subresource !== undefined && inGroups.some(([name]) => name === resource))
      return {
        problem: `${resource} has no subresource "${subresource}"`,
        hint: subresources.length === 0 ? `${resource} has none` : suggest(subresource, subresources),
      };
    const plural = [`${resource}s`, `${resource}es`, resource.replace(/y$/, "ies")].find((name) =>
      inGroups.some(([served]) => served === name),
    );
    const short = inGroups.find(([, served]) => served.shortNames.includes(resource))?.[0];
    const elsewhere = [...groups].find(([, served]) => groupServes(served, written))?.[0];
    const word = plural ?? short;
    if (word !== undefined)
      return {
        problem: `no API serves "${resource}"`,
        hint: `write ${word}: the plural, in lower case, as in a rule`,
      };
    if (elsewhere !== undefined)
      return {
        problem: `the group has no resource "${resource}"`,
        hint: `write ${resource}${elsewhere && `.${elsewhere}`}`,
      };
    const words = new Set([...inGroups.map(([name]) => name), ...custom.map(({ plural: name }) => name)]);
    return { problem: `no API serves "${resource}"`, hint: suggest(resource, words) };
  };

  return { resolve };
}

function customResources(
  resources: readonly Resource[],
): { readonly group: string; readonly plural: string }[] {
  return resources.flatMap(({ kind, spec }) => {
    if (kind !== "CustomResourceDefinition" || typeof spec !== "object" || spec === null) return [];
    const { group, names } = spec as { group?: unknown; names?: { plural?: unknown } | null };
    const plural = names?.plural;
    return typeof group === "string" && typeof plural === "string" ? [{ group, plural }] : [];
  });
}
