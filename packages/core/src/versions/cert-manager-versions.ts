/** What a table of versions says of an object. */
export interface ApiRemark {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}

/** cert-manager's CRDs: which versions it gave up, and when. They are no part of Kubernetes, so its release says nothing. */
const ACME_KINDS: readonly string[] = ["Order", "Challenge"];
const OLD_GROUP = /^certmanager\.k8s\.io\//;
const OLD_VERSIONS = /^(acme\.)?cert-manager\.io\/(v1alpha2|v1alpha3|v1beta1)$/;

/**
 * What is to be said of a cert-manager object of a given-up version, unless a CRD of the set serves it. A warning: which
 * cert-manager runs is not known.
 */
export function certManagerRemark(
  apiVersion: string,
  kind: string,
  served: ReadonlySet<string>,
): ApiRemark | undefined {
  const isOld = OLD_GROUP.test(apiVersion);
  if ((!isOld && !OLD_VERSIONS.test(apiVersion)) || served.has(`${apiVersion} ${kind}`)) return undefined;
  const group = ACME_KINDS.includes(kind) ? "acme.cert-manager.io" : "cert-manager.io";
  const moves = isOld
    ? ": spec.acme.dns01 and http01 become spec.acme.solvers[], spec.acme of a Certificate is gone, annotations are cert-manager.io/…"
    : "";
  return {
    severity: "warning",
    message: `cert-manager ${isOld ? "0.11" : "1.6"} and later do not serve ${apiVersion} ${kind}`,
    hint: `write ${group}/v1${moves}`,
  };
}
