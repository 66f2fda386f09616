import type { Rule } from "@ashlar/core";
import { noMovingTag } from "./no-moving-tag.ts";
import { noUnqualifiedImage } from "./no-unqualified-image.ts";
import { requirePullSecret } from "./require-pull-secret.ts";
import { validDockerConfig } from "./valid-docker-config.ts";

/** The rules of this package about images and the Secrets they are pulled with. */
export const registryRules: readonly Rule[] = [
  noMovingTag,
  noUnqualifiedImage,
  requirePullSecret,
  validDockerConfig,
];
