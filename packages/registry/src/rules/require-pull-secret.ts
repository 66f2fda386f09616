import {
  type Finding,
  findingAbout,
  formatPath,
  type Inventory,
  type PodTemplate,
  type Rule,
} from "@ashlar/core";
import { remedyFor, whyNot } from "../pulls/explain.ts";
import type { KnownSecret, PullsModel } from "../pulls/model.ts";
import {
  imagesOf,
  type PullingPod,
  type PullVerdict,
  pullingPod,
  pullsFrom,
  type TemplateImage,
} from "../pulls/pull-verdict.ts";
import { secretsFor } from "../pulls/secrets-for.ts";
import { setPulls } from "./set-pulls.ts";

const CODE = "registry/require-pull-secret";

/**
 * A pod that finds no login for its image, though the set holds one: registries that have a login are asked without it. Images of
 * Docker Hub are left alone: most of them need none.
 */
export const requirePullSecret: Rule = {
  code: CODE,
  check(inventory) {
    const model = setPulls(inventory);
    if (model.secrets.length === 0) return [];
    return model.templates.flatMap((template) =>
      imagesOf(template).flatMap((image) => {
        if (image.registry === "docker.io") return [];
        const secrets = secretsFor(model, `${image.registry}/${image.repository}`);
        return secrets.length === 0 ? [] : checkPull(inventory, model, template, image, secrets);
      }),
    );
  },
};

function checkPull(
  inventory: Inventory,
  model: PullsModel,
  template: PodTemplate,
  image: TemplateImage,
  secrets: readonly KnownSecret[],
): Finding[] {
  const pod = pullingPod(template);
  const repository = `${image.registry}/${image.repository}`;
  const verdict = pullsFrom(model, pod, repository);
  if (!lacksLogin(verdict, pod, secrets)) return [];
  const why =
    verdict.outcome === "unknown"
      ? `no Secret of namespace ${pod.namespace} in the set has a login for it`
      : whyNot(pod, verdict);
  return [
    findingAbout(template.owner, inventory.locate, {
      code: CODE,
      severity: "warning",
      message: `${image.text} is pulled without a login, and ${image.registry} has one: ${why}`,
      hint: remedyFor(model, pod, repository, verdict),
      path: formatPath(image.path),
      related: secrets.slice(0, 3).map(({ ref, resource }) => {
        const at = inventory.locate?.(resource, "");
        return { message: `this one has a login for ${image.registry}`, subject: ref, ...(at && { at }) };
      }),
    }),
  ];
}

/**
 * A Secret that is not in the set may be the right one. A ServiceAccount that is not may name any, but of its own namespace: where the
 * set has the Secret of other namespaces and not of this one, it is missing.
 */
function lacksLogin(verdict: PullVerdict, pod: PullingPod, secrets: readonly KnownSecret[]): boolean {
  if (verdict.outcome === "none") return pod.namespace !== "" || secrets.every(({ ref }) => !ref.namespace);
  if (verdict.outcome !== "unknown" || verdict.from === "pod" || pod.namespace === "") return false;
  const namesNone = verdict.missing.startsWith("not all imagePullSecrets");
  return (
    namesNone && secrets.every(({ ref }) => ref.namespace !== undefined && ref.namespace !== pod.namespace)
  );
}
