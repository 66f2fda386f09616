import { apiGroup } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { Cluster } from "./cluster.ts";
import { LiveError } from "./live-error.ts";

/** A kind that the API server serves. */
export interface ApiType {
  /** `""` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in paths and in RBAC: `networkpolicies`. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** `get`, `list`, `patch`, … */
  readonly verbs: readonly string[];
}

/** What an API server serves. */
export interface ApiTypes {
  readonly all: readonly ApiType[];
  /** Groups whose own server (an aggregated one) does not say now what it serves: `metrics.k8s.io`. */
  readonly silent: readonly string[];
  /** The type that an object of these is; of the group's preferred version when `version` is absent. */
  readonly find: (group: string, kind: string, version?: string) => ApiType | undefined;
}

const ACCEPT = ["v2", "v2beta1"].map(
  (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
);

/**
 * Everything that the API server serves, in two requests.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export async function readApiTypes({
  request,
  server,
}: Pick<Cluster, "request" | "server">): Promise<ApiTypes> {
  const answers = await Promise.all(
    ["/api", "/apis"].map((path) =>
      request({ method: "GET", path, accept: [...ACCEPT, "application/json"].join(",") }),
    ),
  );
  for (const { status, body } of answers) {
    if (status === 403)
      throw new LiveError(
        "forbidden",
        `${server} does not say what it serves: ${textOf(body.message)}`,
        "the group system:authenticated has the role system:discovery in most clusters",
      );
    if (status !== 200 || body.kind !== "APIGroupDiscoveryList")
      throw new LiveError(
        "bad-answer",
        `${server} does not tell its APIs in one answer`,
        "expected the API server of Kubernetes 1.27 or later",
      );
  }
  const groups = answers.flatMap(({ body }) => listOf(body.items));
  const all = groups.flatMap(typesOfGroup);
  // Versions stand in the order of preference.
  const preferred = new Map(all.map((type) => [`${type.group}/${type.kind}`, type] as const).reverse());
  const exact = new Map(all.map((type) => [`${type.group}/${type.version}/${type.kind}`, type] as const));
  return {
    all,
    silent: groups.filter(isSilent).map(groupOf),
    find: (group, kind, version) =>
      version === undefined ? preferred.get(`${group}/${kind}`) : exact.get(`${group}/${version}/${kind}`),
  };
}

function groupOf(item: unknown): string {
  return textOf(fieldsOf(fieldsOf(item).metadata).name);
}

/** The API server keeps the version of a server that it cannot ask, without what it serves. */
function isSilent(item: unknown): boolean {
  return listOf(fieldsOf(item).versions)
    .map(fieldsOf)
    .some(({ freshness, resources }) => freshness === "Stale" && listOf(resources).length === 0);
}

function typesOfGroup(item: unknown): ApiType[] {
  const group = groupOf(item);
  return listOf(fieldsOf(item).versions).flatMap((entry) => {
    const { version, resources } = fieldsOf(entry);
    return listOf(resources).map((one): ApiType => {
      const resource: Fields = fieldsOf(one);
      return {
        group,
        version: textOf(version),
        kind: textOf(fieldsOf(resource.responseKind).kind),
        resource: textOf(resource.resource),
        namespaced: resource.scope === "Namespaced",
        verbs: listOf(resource.verbs).map(textOf),
      };
    });
  });
}

/** `apps/v1` → group `apps`, version `v1`; `v1` → the core group. */
export function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const group = apiGroup(apiVersion);
  return { group, version: group === "" ? apiVersion : apiVersion.slice(group.length + 1) };
}

/** The path of a kind's objects, or of one of them. */
export function pathOf(
  { group, version, resource, namespaced }: ApiType,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name?: string } = {},
): string {
  const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${base}${within}/${resource}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
