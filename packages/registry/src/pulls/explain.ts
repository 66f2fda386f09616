import { formatRef } from "@ashlar/core";
import type { KnownSecret, PullsModel } from "./model.ts";
import type { PullingPod, PullVerdict } from "./pull-verdict.ts";
import { secretsFor } from "./secrets-for.ts";

/** Names of servers that a message lists. */
const SHOWN = 5;

/** Why a verdict finds no credential, in one clause. Holds names of Secrets and servers, never a login. */
export function whyNot(pod: PullingPod, verdict: PullVerdict): string {
  const { namespace, serviceAccount = "default" } = pod;
  if (verdict.outcome === "fails")
    return `kubelet cannot read ${formatRef(verdict.secret)}, and pulls nothing for the pod: ${verdict.reason}`;
  if (verdict.secrets.length === 0)
    return verdict.from === "pod"
      ? "none of its imagePullSecrets names a Secret"
      : `neither the pod nor ServiceAccount ${namespace === "" ? "" : `${namespace}/`}${serviceAccount} names a pull secret`;
  return verdict.secrets.map((secret) => `${formatRef(secret.ref)} ${contentText(secret)}`).join("; ");
}

/** What to write so that the pod pulls. */
export function remedyFor(
  model: PullsModel,
  pod: PullingPod,
  repository: string,
  verdict: PullVerdict,
): string {
  if (verdict.outcome === "fails")
    return `write the Secret with pullSecret, or take ${verdict.secret.name} from the list: one that cannot be read stops all`;
  const { namespace, serviceAccount = "default" } = pod;
  const right = secretsFor(model, repository);
  const here = right.find(({ ref }) => (ref.namespace ?? "") === namespace);
  const into =
    verdict.from === "pod"
      ? "the pod's imagePullSecrets"
      : `imagePullSecrets of ServiceAccount ${serviceAccount}, or of the pod`;
  if (here !== undefined) return `add { name: ${here.ref.name} } to ${into}`;
  const registry = repository.slice(0, repository.indexOf("/"));
  const elsewhere = right[0];
  const like =
    elsewhere === undefined
      ? `a Secret with a login for ${registry} (pullSecret makes one)`
      : `a Secret as ${elsewhere.ref.namespace}/${elsewhere.ref.name}: pods use those of their own namespace alone`;
  return `add to ${namespace || "the namespace"} ${like}, and its name to ${into}`;
}

function contentText({ content }: KnownSecret): string {
  if (content.state !== "read") return "holds no Docker configuration";
  const servers = content.credentials.map(({ server }) => server);
  if (servers.length === 0) return "holds no login";
  const more = servers.length > SHOWN ? ` and ${servers.length - SHOWN} more` : "";
  return `has logins for ${servers.slice(0, SHOWN).join(", ")}${more} alone`;
}
