import { apiGroup, type Finding, type Locate, type Resource, refOf } from "@ashlar/core";
import { decode } from "./decode.ts";
import { type DecodedMeta, objectMetaProblems } from "./object-meta.ts";
import { type PolicySpec, policySpecProblems } from "./policy-spec.ts";
import type { Problem } from "./problem.ts";
import { networkPolicyShape } from "./shape.ts";

const SERVED = "networking.k8s.io/v1";

/**
 * What kube-apiserver 1.36 refuses in a NetworkPolicy on create with strict field validation (`kubectl apply
 * --validate=strict`): each finding has code `network-policy/valid-network-policy`, severity `error`, and as `path` the
 * field that the server names. No findings: the server accepts it.
 *
 * As on the server there are two steps. Fields that it does not know and values of a wrong type come first, alone: what
 * else is wrong shows when they are corrected. (The server names only the first wrong type; here are all.)
 *
 * Not looked at: whether the namespace exists, the size limit of a request (3 MB), `resourceVersion` (an object read from
 * a cluster has one, a create with it fails). Objects that are not NetworkPolicies of Kubernetes give no finding.
 *
 * Source: pkg/apis/networking/validation and apimachinery's metadata validation of Kubernetes 1.36.3; held against the
 * server itself in conformance/suites/network-policy-validation.test.ts.
 *
 * @param resource any JSON: nothing in it makes this throw
 * @param locate fills in `at`, where the object was read from a text
 * @example
 * validateNetworkPolicy(policy)[0]
 * // { path: "spec.ingress[0].ports[0].port", message: "port must be 1 to 65535, not 0", … }
 */
export function validateNetworkPolicy(resource: Resource, locate?: Locate): Finding[] {
  if (!isNetworkPolicy(resource)) return [];
  return problemsOf(resource).map(({ path, message, hint, where = path }) => {
    const at = locate?.(resource, where);
    return {
      code: "network-policy/valid-network-policy",
      severity: "error",
      message,
      hint,
      path,
      subject: refOf(resource),
      ...(at && { at }),
    };
  });
}

/** By group and kind: other projects have NetworkPolicies too (crd.projectcalico.org). */
function isNetworkPolicy({ apiVersion, kind }: Resource): boolean {
  if (kind !== "NetworkPolicy" || typeof apiVersion !== "string") return false;
  return apiGroup(apiVersion) === "networking.k8s.io" || apiGroup(apiVersion) === "extensions";
}

function problemsOf(resource: Resource): Problem[] {
  if (resource.apiVersion !== SERVED)
    return [
      {
        path: "apiVersion",
        message: `Kubernetes 1.36 serves NetworkPolicy as ${SERVED} alone, not as ${resource.apiVersion}`,
        hint: `write apiVersion: ${SERVED}; the fields are the same`,
      },
    ];
  const problems: Problem[] = [];
  const decoded = decode(resource, networkPolicyShape, "", problems) as {
    readonly metadata?: DecodedMeta;
    readonly spec?: PolicySpec;
  };
  if (problems.length > 0) return problems;
  return [...objectMetaProblems(decoded.metadata ?? {}), ...policySpecProblems(decoded.spec ?? {})];
}
