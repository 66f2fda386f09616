import { type Fields, itemsOf, mapItems, Refusal, withDefaults } from "./refusal.ts";

/** What admissionregistration.k8s.io/v1beta1 took where nothing was said, and v1 takes otherwise or asks for. */
const OLD_DEFAULTS = {
  failurePolicy: "Ignore",
  matchPolicy: "Exact",
  timeoutSeconds: 30,
  admissionReviewVersions: ["v1beta1"],
};

/**
 * Validating- and MutatingWebhookConfiguration of admissionregistration.k8s.io/v1beta1 as v1, the old defaults written
 * out (pkg/apis/admissionregistration/v1beta1/defaults.go of Kubernetes). v1 wants to know that a webhook has no side effects
 * on a dry run: refused where that is not said, since only its author knows.
 */
export function raiseWebhooks(object: Fields): Fields {
  const names = new Set<unknown>();
  const raiseWebhook = (webhook: Fields, path: string): Fields => {
    const { name, sideEffects } = webhook;
    if (sideEffects !== "None" && sideEffects !== "NoneOnDryRun")
      throw new Refusal(
        `${path}.sideEffects must be None or NoneOnDryRun in v1, and is ${typeof sideEffects === "string" ? sideEffects : "not said"}: its author has to tell`,
      );
    if (typeof name !== "string" || name.split(".").filter(Boolean).length < 3)
      throw new Refusal(`${path}.name must have three parts or more in v1 (check.example.com): rename it`);
    if (names.has(name)) throw new Refusal(`${path}.name stands twice, which v1 refuses: rename one`);
    names.add(name);
    const versions = itemsOf(webhook.admissionReviewVersions, `${path}.admissionReviewVersions`);
    const given = versions.length === 0 ? { ...webhook, admissionReviewVersions: undefined } : webhook;
    return withDefaults(given, OLD_DEFAULTS);
  };
  return mapItems(
    { ...object, apiVersion: "admissionregistration.k8s.io/v1" },
    "webhooks",
    "webhooks",
    raiseWebhook,
  );
}
