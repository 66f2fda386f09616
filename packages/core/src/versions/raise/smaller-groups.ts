import { type Fields, fieldsOf, isUnset, itemsOf, Refusal, without } from "./refusal.ts";

/** PodDisruptionBudget of policy/v1beta1 as policy/v1, where the empty selector means every pod instead of none. */
export function raiseDisruptionBudget(object: Fields): Fields {
  const { selector } = fieldsOf(object.spec, "spec");
  if (!isUnset(selector)) {
    const { matchLabels, matchExpressions } = fieldsOf(selector, "spec.selector");
    const labels = Object.keys(fieldsOf(matchLabels, "spec.selector.matchLabels"));
    if (labels.length + itemsOf(matchExpressions, "spec.selector.matchExpressions").length === 0)
      throw new Refusal(
        "spec.selector is empty: it meant no pod in policy/v1beta1 and means every pod of the namespace in policy/v1: " +
          "write the labels that are meant, or remove the object",
      );
  }
  return { ...object, apiVersion: "policy/v1" };
}

/** FlowSchema and PriorityLevelConfiguration of the betas of flowcontrol.apiserver.k8s.io as v1: shares have another name. */
export function raiseFlowControl(object: Fields): Fields {
  const raised = { ...object, apiVersion: "flowcontrol.apiserver.k8s.io/v1" };
  const spec = fieldsOf(object.spec, "spec");
  if (object.kind !== "PriorityLevelConfiguration" || isUnset(spec.limited)) return raised;
  const limited = fieldsOf(spec.limited, "spec.limited");
  const { assuredConcurrencyShares, nominalConcurrencyShares } = limited;
  const shares = isUnset(nominalConcurrencyShares) ? assuredConcurrencyShares : nominalConcurrencyShares;
  const others = without(limited, "assuredConcurrencyShares", "nominalConcurrencyShares");
  // 0 said "the default" in the betas, and says "none" in v1.
  const known = isUnset(shares) || shares === 0 ? {} : { nominalConcurrencyShares: shares };
  return { ...raised, spec: { ...spec, limited: { ...others, ...known } } };
}

/** CertificateSigningRequest of certificates.k8s.io/v1beta1 as v1, which wants a signer and usages. */
export function raiseSigningRequest(object: Fields): Fields {
  const { signerName, usages } = fieldsOf(object.spec, "spec");
  if (isUnset(signerName) || signerName === "kubernetes.io/legacy-unknown")
    throw new Refusal(
      "spec.signerName must name a signer other than kubernetes.io/legacy-unknown in v1: name it",
    );
  if (itemsOf(usages, "spec.usages").length === 0)
    throw new Refusal("spec.usages must say what the certificate is for in v1: list the usages");
  return { ...object, apiVersion: "certificates.k8s.io/v1" };
}
