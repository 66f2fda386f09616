import { type Fields, fieldsOf, listOf, type Resource, textOf } from "@ashlar/core";
import type { ControlPlane } from "../components/control-plane.ts";

/** Everything that a cluster holds, by `KIND NAMESPACE/NAME`, without what changes by itself. */
export type State = Readonly<Record<string, unknown>>;

/** What controllers make of other objects, and what comes and goes. */
const FLEETING = new Set([
  "ComponentStatus",
  "ControllerRevision",
  "Endpoints",
  "EndpointSlice",
  "Event",
  "IPAddress",
  "Lease",
  "Pod",
  "ReplicaSet",
]);

interface Listed {
  readonly path: string;
  readonly kind: string;
}

/** Every kind that can be listed. */
export async function listedKinds({ get }: Pick<ControlPlane, "get">): Promise<Listed[]> {
  const groups = listOf(fieldsOf((await get("/apis")).body).groups).map((group) =>
    textOf(fieldsOf(fieldsOf(group).preferredVersion).groupVersion),
  );
  const roots = ["/api/v1", ...groups.map((version) => `/apis/${version}`)];
  const lists = await Promise.all(
    roots.map(async (root) =>
      listOf(fieldsOf((await get(root)).body).resources)
        .map(fieldsOf)
        .filter(({ verbs, name }) => listOf(verbs).includes("list") && !textOf(name).includes("/"))
        .map(({ name, kind }) => ({ path: `${root}/${textOf(name)}`, kind: textOf(kind) })),
    ),
  );
  return lists.flat().filter(({ kind }) => !FLEETING.has(kind));
}

/**
 * Reads the whole cluster, but what belongs to other platforms of this suite. Objects that stay have to be the same ones: their
 * uid counts, that of `only-…` does not.
 *
 * @param without suffixes of the other platforms
 */
export async function clusterState(
  { get }: Pick<ControlPlane, "get">,
  kinds: readonly Listed[],
  without: readonly string[],
): Promise<State> {
  const state: Record<string, unknown> = {};
  await Promise.all(
    kinds.map(async ({ path, kind }) => {
      const { code, body } = await get(path);
      if (code !== 200) throw new Error(`${path}: ${code}`);
      for (const item of listOf(fieldsOf(body).items) as Resource[])
        state[`${kind} ${item.metadata.namespace ?? ""}/${item.metadata.name}`] = bare(item, kind);
    }),
  );
  const own = Object.entries(state).filter(([key]) => !without.some((suffix) => key.includes(suffix)));
  return Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What a cluster holds of a platform that it had never seen, whatever the platform's suffix: without uids, addresses and values
 * made at random.
 */
export async function newState(plane: Pick<ControlPlane, "get">, suffix: string): Promise<State> {
  const kinds = (await listedKinds(plane)).filter(
    ({ path }) => !path.includes(".example.test") || path.includes(suffix),
  );
  const own = Object.entries(await clusterState(plane, kinds, [])).filter(([key]) => key.includes(suffix));
  const text = JSON.stringify(Object.fromEntries(own))
    .replaceAll(suffix, "")
    .replaceAll(/"(uid|clusterIP)":"[^"]*",?/g, "")
    .replaceAll(/"clusterIPs":\["[^"]*"\],?/g, "")
    .replaceAll(/applyset-[\w-]+-v1/g, "applyset")
    .replaceAll(/"key":"[\w+/=]{44}"/g, '"key":"made"')
    .replaceAll(",}", "}");
  return JSON.parse(text) as State;
}

function bare({ metadata, status: _, ...rest }: Resource, kind: string): unknown {
  const {
    resourceVersion: __,
    generation: ___,
    creationTimestamp: ____,
    managedFields,
    uid,
    annotations = {},
    ...meta
  } = metadata;
  const { "deployment.kubernetes.io/revision": _____, ...kept } = annotations;
  const comesAndGoes = metadata.name.includes("only-");
  return {
    ...withoutRun(rest, kind),
    metadata: { ...meta, annotations: kept, ...(!comesAndGoes && { uid }) },
    ...(comesAndGoes &&
      kind === "Service" && { spec: { ...fieldsOf(rest.spec), clusterIP: "", clusterIPs: [] } }),
    managedFields: managers(managedFields),
  };
}

/** Each apply has a number of its own. */
function withoutRun(rest: Fields, kind: string): Fields {
  const { data } = rest;
  return kind === "ConfigMap" && "run" in fieldsOf(data)
    ? { ...rest, data: { ...fieldsOf(data), run: "" } }
    : rest;
}

/** Who owns which fields: kept by name, without times and without what controllers write into status. */
function managers(entries: unknown): Fields {
  return Object.fromEntries(
    listOf(entries)
      .map(fieldsOf)
      .filter(
        ({ subresource, manager }) => subresource === undefined && manager !== "kube-controller-manager",
      )
      .map(
        ({ manager, operation, fieldsV1 }) => [`${textOf(manager)} ${textOf(operation)}`, fieldsV1] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
