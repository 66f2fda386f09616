import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import { imageProblem } from "../image-reference.ts";
import type { Rule } from "../inventory.ts";
import { pointer } from "../validate/report.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { containersOf, type PodTemplate, podTemplates } from "./references/pod-templates.ts";

const CODE = "core/valid-image";

/** The image of a container, or of a volume, that kubelet takes for none: the pod stays in InvalidImageName. */
export const validImage: Rule = {
  code: CODE,
  check: ({ resources, locate }) =>
    podTemplates(resources).flatMap((template) =>
      imagesOf(template).flatMap(({ image, path }): Finding[] => {
        // The server itself refuses an image that is missing, and white space around one in a Pod: core/valid-value.
        if (image === "" || (template.path.length === 0 && image !== image.trim())) return [];
        const problem = imageProblem(image);
        if (problem === undefined) return [];
        const { message, hint, meant } = problem;
        return [
          findingAbout(template.owner, locate, {
            code: CODE,
            severity: "error",
            message: `kubelet cannot read the image (InvalidImageName): ${message}`,
            hint,
            path,
            ...(meant !== undefined && {
              fix: [{ op: "replace" as const, path: pointer(path), value: meant }],
            }),
          }),
        ];
      }),
    ),
};

function imagesOf(template: PodTemplate): { readonly image: string; readonly path: string }[] {
  const ofContainers = containersOf(template).map(({ fields, path }) => ({
    image: textOf(fields.image),
    path: formatPath([...path, "image"]),
  }));
  const ofVolumes = listOf(template.spec.volumes).map((volume, i) => ({
    image: textOf(fieldsOf(fieldsOf(volume).image).reference),
    path: formatPath([...template.path, "spec", "volumes", i, "image", "reference"]),
  }));
  return [...ofContainers, ...ofVolumes];
}
