import { fieldsOf, listOf, type Resource, textOf } from "@ashlar/core";
import { type ApiType, type Cluster, getObject, LiveError, listObjects } from "@ashlar/core/live";
import { type PullsClaim, parseImage, provePulls, pullsModel } from "@ashlar/registry";
import { type Answered, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";
import { urlOptions } from "./hosts.ts";
import { askRegistry, type RegistryQuestion } from "./registry.ts";

/** What of the cluster tells with which credentials pods pull. */
interface PullObjects {
  readonly resources: readonly Resource[];
  /** What the caller may not read. */
  readonly denied: readonly string[];
}

/** Asks what the cluster's ServiceAccounts and Secrets hold. Their values are used, and never shown. */
export function pullsAsker(asking: Asking): (claim: PullsClaim) => Promise<Answered> {
  const read = new Map<string, Promise<PullObjects>>();
  const objectsOf = (namespace: string): Promise<PullObjects> => {
    const known = read.get(namespace) ?? readObjects(asking.cluster, namespace);
    read.set(namespace, known);
    return known;
  };
  return async (claim) => {
    const { puller } = claim;
    const namespaces = puller.kind === "namespaces" ? puller.namespaces : [puller.namespace];
    if (namespaces.length === 0) return unknown("nothing", "it speaks of no namespace");
    const found = await Promise.all(namespaces.map(objectsOf));
    const own = puller.kind === "workload" ? await readWorkload(asking.cluster, puller) : [];
    const resources = [...found.flatMap((objects) => objects.resources), ...own];
    const asked = `the pull secrets of ${namespaces.join(", ")}, as the cluster has them`;
    const denied = [...new Set(found.flatMap((objects) => objects.denied))];
    if (denied[0] !== undefined) return unknown(asked, denied[0], denied.slice(1));
    const missing = missingAccount(claim, resources);
    if (missing !== undefined) return broken(asked, missing);
    const [proof] = provePulls(pullsModel(resources, { whole: true }), [claim]);
    // Findings hold names of Secrets and servers, never a login. They begin with the claim, which stands there already.
    const begin = `claim "${claim.text}" (${claim.by}) `;
    const messages = (proof?.findings ?? []).map(({ message }) =>
      message.startsWith(begin) ? message.slice(begin.length).replace(/^[^:]*: /, "") : message,
    );
    const because = messages[0] ?? "";
    if (proof?.outcome === "broken") return broken(asked, because, messages.slice(1));
    if (proof?.outcome !== "proved") return unknown(asked, because, messages.slice(1));
    if (asking.options.askRegistries !== true)
      return held(asked, ["whether the registry takes them was not asked (--ask-registries)"]);
    return askRegistry(asked, registryQuestion(claim, namespaces, resources), urlOptions(asking));
  };
}

const core = (kind: string, resource: string): ApiType => ({
  ...{ group: "", version: "v1", kind, resource, namespaced: true, verbs: [] },
});
const [PODS, ACCOUNTS, SECRETS] = [
  core("Pod", "pods"),
  core("ServiceAccount", "serviceaccounts"),
  core("Secret", "secrets"),
];

async function readObjects(cluster: Cluster, namespace: string): Promise<PullObjects> {
  const denied: string[] = [];
  const allowed = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof LiveError) || error.code !== "forbidden") throw error;
      denied.push(error.message);
      return otherwise;
    }
  };
  const [accounts, pods] = await Promise.all([
    allowed(listObjects(cluster, ACCOUNTS, { namespace }), []),
    allowed(listObjects(cluster, PODS, { namespace }), []),
  ]);
  // Only those that something names: who verifies needs to read no other Secret.
  const lists = [...accounts, ...pods.map(({ spec }) => fieldsOf(spec))];
  const names = lists.flatMap(({ imagePullSecrets }) =>
    listOf(imagePullSecrets).map((entry) => textOf(fieldsOf(entry).name)),
  );
  const wanted = [...new Set(names)].filter((name) => name !== "");
  const secrets = await Promise.all(
    wanted.map((name) => allowed(getObject(cluster, SECRETS, { namespace, name }), undefined)),
  );
  return { resources: [...accounts, ...pods, ...secrets.filter((secret) => secret !== undefined)], denied };
}

async function readWorkload(
  cluster: Cluster,
  { namespace, workload, name }: Extract<PullsClaim["puller"], { readonly kind: "workload" }>,
): Promise<Resource[]> {
  const types = await cluster.apiTypes();
  const type = ["apps", "batch", ""]
    .map((group) => types.find(group, workload))
    .find((one) => one !== undefined);
  if (type === undefined || type.kind === "Pod") return [];
  const found = await getObject(cluster, type, { namespace, name });
  return found === undefined ? [] : [found];
}

function missingAccount({ puller }: PullsClaim, resources: readonly Resource[]): string | undefined {
  if (puller.kind === "workload") return undefined;
  const wanted =
    puller.kind === "serviceAccount"
      ? [{ namespace: puller.namespace, name: puller.name }]
      : puller.namespaces.map((namespace) => ({ namespace, name: "default" }));
  const absent = wanted.find(
    ({ namespace, name }) =>
      !resources.some(
        ({ kind, metadata }) =>
          kind === "ServiceAccount" && metadata.namespace === namespace && metadata.name === name,
      ),
  );
  return absent && `there is no ServiceAccount ${absent.namespace}/${absent.name}`;
}

function registryQuestion(
  { puller, what }: PullsClaim,
  namespaces: readonly string[],
  resources: readonly Resource[],
): RegistryQuestion {
  const account = puller.kind === "serviceAccount" ? puller.name : "default";
  const model = pullsModel(resources, { whole: true });
  const base = { model, pods: namespaces.map((namespace) => ({ namespace, serviceAccount: account })) };
  if ("registry" in what)
    return { ...base, registry: what.registry === "index.docker.io" ? "docker.io" : what.registry };
  const parsed = parseImage(what.image);
  if (!parsed.ok) return { ...base, registry: what.image };
  const { registry, repository, tag, digest } = parsed.value;
  return { ...base, registry, repository, reference: digest ?? tag ?? "latest" };
}
