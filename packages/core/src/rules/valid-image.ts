import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import { imageProblem } from "../image-reference.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { pointer } from "../validate/report.ts";
import { fieldsOf, listOf } from "./references/json-values.ts";
import type { PodTemplate } from "./references/pod-templates.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/valid-image";

/** The image of a container, or of a volume, that kubelet takes for none: the pod stays in InvalidImageName. */
export const validImage: Rule = {
  code: CODE,
  check(inventory) {
    const findings: Finding[] = [];
    for (const template of setIndex(inventory).templates()) {
      for (const { fields, path } of template.containers)
        checkImage(inventory, template, fields.image, () => [...path, "image"], findings);
      listOf(template.spec.volumes).forEach((volume, i) => {
        const { image } = fieldsOf(volume);
        if (image === undefined) return;
        const path = () => [...template.path, "spec", "volumes", i, "image", "reference"];
        checkImage(inventory, template, fieldsOf(image).reference, path, findings);
      });
    }
    return findings;
  },
};

function checkImage(
  { locate }: Inventory,
  { owner, path: at }: PodTemplate,
  image: unknown,
  segments: () => readonly PathSegment[],
  findings: Finding[],
): void {
  // The server itself refuses an image that is missing, and white space around one in a Pod: core/valid-value.
  if (typeof image !== "string" || image === "" || (at.length === 0 && image !== image.trim())) return;
  const problem = imageProblem(image);
  if (problem === undefined) return;
  const { message, hint, meant } = problem;
  const path = formatPath(segments());
  findings.push(
    findingAbout(owner, locate, {
      code: CODE,
      severity: "error",
      message: `kubelet cannot read the image (InvalidImageName): ${message}`,
      hint,
      path,
      ...(meant !== undefined && { fix: [{ op: "replace" as const, path: pointer(path), value: meant }] }),
    }),
  );
}
