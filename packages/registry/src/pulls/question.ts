import type { Resource } from "@ashlar/core";
import type { PullingPod, TemplateImage } from "./pull-verdict.ts";

/** One pull: of a pod to come, or of a pod of the set, which has an image. */
export interface PullQuestion {
  readonly pod: PullingPod;
  readonly repository: string;
  readonly image?: TemplateImage & { readonly owner: Resource };
}
