import { type Resource, type ResourceRef, refKey, refOf } from "@ashlar/core";
import { type ApiType, type Cluster, type ListOptions, LiveError, listObjects } from "@ashlar/core/live";
import { KINDS_OF, type LiveKind, type Question, ruleKinds } from "./live-kinds.ts";
import type { Unread } from "./unread.ts";

/** What was read of a cluster. */
export interface ClusterObjects {
  readonly resources: readonly Resource[];
  /** Secrets of which only the names were read. */
  readonly partial: readonly ResourceRef[];
  readonly unread: readonly Unread[];
  /** Kinds of which all objects were read whole: `apps/Deployment`. */
  readonly whole: ReadonlySet<string>;
}

/**
 * The objects that questions are asked about, page by page; only kinds that they need, and of Secrets no more than their names
 * but for pull secrets. Kinds that the server does not serve are not there; kinds that the caller may not list are told.
 *
 * @param namespaces where to look when the caller may not list in all of them
 */
export async function readCluster(
  cluster: Cluster,
  questions: readonly Question[],
  namespaces: readonly string[] = [],
): Promise<ClusterObjects> {
  const types = await cluster.apiTypes();
  const wanted = new Map<string, { readonly kind: LiveKind; readonly questions: Question[] }>();
  for (const question of questions)
    for (const kind of question === "rules"
      ? [...ruleKinds(types.all), ...allModelKinds()]
      : KINDS_OF[question]) {
      const key = [kind.group, kind.kind, kind.namespace, kind.only].join("/");
      const entry = wanted.get(key);
      if (entry) entry.questions.push(question);
      else wanted.set(key, { kind, questions: [question] });
    }
  const objects = new Map<string, Resource>();
  const partial = new Map<string, ResourceRef>();
  // Which kinds they have is not known; metrics are none that a rule looks at.
  const silent = types.silent.filter((group) => !group.endsWith("metrics.k8s.io"));
  const unread: Unread[] = (questions.includes("rules") ? silent : []).map((group) => ({
    resource: `*.${group}`,
    question: "rules",
    message: `the server of ${group} does not answer`,
    hint: "see kubectl get apiservices; the others were read",
  }));
  const whole = new Set<string>();
  const lists = await Promise.all(
    [...wanted.values()].map(async ({ kind, questions: asking }) => {
      const type = types.find(kind.group, kind.kind);
      if (type === undefined || !type.verbs.includes("list")) return { kind, found: [] };
      const { found, why } = await listed(cluster, type, kind, namespaces);
      if (why === undefined && kind.only === undefined && kind.namespace === undefined)
        whole.add(`${kind.group}/${kind.kind}`);
      if (why !== undefined) for (const question of asking) unread.push({ ...why, question });
      return { kind, found };
    }),
  );
  // Whole objects replace those of which only the names were read.
  for (const { kind, found } of lists.sort((a, b) => wholeness(a.kind) - wholeness(b.kind)))
    for (const resource of found) {
      const ref = refOf(resource);
      objects.set(refKey(ref), resource);
      if (kind.only === "names") partial.set(refKey(ref), ref);
      else partial.delete(refKey(ref));
    }
  return { resources: [...objects.values()], partial: [...partial.values()], unread, whole };
}

function allModelKinds(): LiveKind[] {
  return Object.values(KINDS_OF).flat();
}

function wholeness({ only }: LiveKind): number {
  return only === "names" ? 0 : 1;
}

interface Listed {
  readonly found: readonly Resource[];
  /** Why not all of them. */
  readonly why?: Omit<Unread, "question">;
}

async function listed(
  cluster: Cluster,
  type: ApiType,
  { namespace, only }: LiveKind,
  namespaces: readonly string[],
): Promise<Listed> {
  const resource = type.group === "" ? type.resource : `${type.resource}.${type.group}`;
  const broken = `see kubectl get ${resource} -A; the others were read`;
  const options: ListOptions = {
    ...(only === "names" && { metadataOnly: true }),
    ...(only === "pull secrets" && { fieldSelector: "type=kubernetes.io/dockerconfigjson" }),
  };
  const list = async (where: string | undefined) => {
    try {
      return await listObjects(cluster, type, { ...options, namespace: where });
    } catch (error) {
      // `server-error`: what converts a kind, or serves it, is broken. That is no reason to say nothing of the others.
      if (error instanceof LiveError && ["forbidden", "server-error"].includes(error.code)) return error;
      throw error;
    }
  };
  const all = await list(namespace);
  if (!(all instanceof LiveError)) return { found: all };
  const { code, message } = all;
  const hint =
    code === "forbidden"
      ? `ask for the right to list ${resource}: kubectl auth can-i list ${resource} -A`
      : broken;
  const why = { resource, message, hint };
  if (code !== "forbidden" || !type.namespaced || namespace !== undefined) return { found: [], why };
  const parts = await Promise.all(namespaces.map(list));
  return { found: parts.flatMap((part) => (part instanceof LiveError ? [] : part)), why };
}
