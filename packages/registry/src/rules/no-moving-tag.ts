import {
  type Finding,
  fieldsOf,
  findingAbout,
  formatPath,
  type Inventory,
  listOf,
  type PodTemplate,
  type Rule,
} from "@ashlar/core";
import { parseImage } from "../image/parse-image.ts";
import { setPulls } from "./set-pulls.ts";

const CODE = "registry/no-moving-tag";
/** Tags that are pushed again and again, by their names. */
const MOVING = new Set(
  "stable edge main master trunk head develop dev development nightly daily weekly canary snapshot rolling current next testing staging prod production release lts".split(
    " ",
  ),
);

/** An image whose tag stands for another image tomorrow: two pods of one Deployment run different code, and a rollback runs none. */
export const noMovingTag: Rule = {
  code: CODE,
  check: (inventory) =>
    setPulls(inventory).templates.flatMap((template) =>
      imageFields(template).flatMap(({ text, path }) => checkImage(inventory, template, text, path)),
    ),
};

function checkImage(
  { locate }: Inventory,
  { owner }: PodTemplate,
  text: unknown,
  path: readonly (string | number)[],
): Finding[] {
  if (typeof text !== "string") return [];
  const parsed = parseImage(text);
  if (!parsed.ok) return [];
  const { tag, digest } = parsed.value;
  if (digest !== undefined || (tag !== undefined && !isMoving(tag))) return [];
  const what =
    tag === undefined
      ? `${text} has no tag, so it is whatever is tagged latest when a pod starts`
      : `the tag ${tag} of ${text} is moved: it is another image when the next pod starts`;
  return [
    findingAbout(owner, locate, {
      code: CODE,
      severity: "warning",
      message: what,
      hint: "write a tag that is pushed once (a version, a commit), or the digest: IMAGE@sha256:…",
      path: formatPath(path),
    }),
  ];
}

/** `latest` counts also as a part: `latest-alpine`. */
function isMoving(tag: string): boolean {
  const lower = tag.toLowerCase();
  return MOVING.has(lower) || /(^|[-_.])latest($|[-_.])/.test(lower);
}

/** Every image that a template names, also those that are never pulled. */
function imageFields({ containers, spec, path }: PodTemplate) {
  return [
    ...containers.map((container) => ({ text: container.fields.image, path: [...container.path, "image"] })),
    ...listOf(spec.volumes).map((volume, i) => ({
      text: fieldsOf(fieldsOf(volume).image).reference,
      path: [...path, "spec", "volumes", i, "image", "reference"],
    })),
  ];
}
