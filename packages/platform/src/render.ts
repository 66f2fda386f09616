import {
  type Document,
  type Patch,
  type Resource,
  refOf,
  renderRunbook,
  renderRunbookScript,
  type Sealed,
  type Step,
  sortResources,
  writeJsonList,
  writeYaml,
} from "@ashlar/core";
import type { Platform } from "./define-platform.ts";

export interface RenderedPlatform {
  /** Every object, as one text: YAML documents or a JSON List. */
  readonly resources: string;
  /** All that `--out` writes: the objects, patches, documents, the runbook and its script. */
  readonly files: readonly Document[];
}

/** The platform as text; equal platforms give equal bytes. */
export function renderPlatform(
  { name, block }: Platform,
  format: "yaml" | "json" = "yaml",
): RenderedPlatform {
  const write = format === "json" ? writeJsonList : writeYaml;
  const resources = write(sortResources(block.resources));
  const patches = block.patches.map((patch) => ({ patch, path: patchPath(patch.merge, format) }));
  const steps = [
    ...(block.resources.length > 0 ? [applyStep(`resources.${format}`)] : []),
    ...patches.map(({ patch, path }) => patchStep(patch, path)),
    ...(block.sealed ?? []).map(sealStep),
    ...block.steps,
  ];
  return {
    resources,
    files: [
      { path: `resources.${format}`, text: resources },
      ...patches.map(({ patch, path }) => ({
        path,
        text: format === "json" ? `${JSON.stringify(patch.merge, null, 2)}\n` : writeYaml([patch.merge]),
      })),
      ...block.documents,
      { path: "runbook.md", text: renderRunbook(name, steps) },
      { path: "runbook.sh", text: renderRunbookScript(name, steps), executable: true },
    ],
  };
}

function patchPath(target: Resource, format: string): string {
  const { kind, namespace, name } = refOf(target);
  return `patches/${[kind.toLowerCase(), namespace, name].filter((part) => part !== undefined).join("-")}.${format}`;
}

function applyStep(file: string): Step {
  return {
    title: "Apply the objects",
    argv: ["kubectl", "apply", "--server-side", "--field-manager=ashlar", `--filename=${file}`],
    why: "Creates and updates every object of the platform; fields that others own are left alone.",
    when: "after reading `ashlar check` and `ashlar diff`",
    verify: 'kubectl names each object with "serverside-applied" and exits 0',
  };
}

/** No value of a Secret is rendered: whoever runs the step has them. */
function sealStep({ metadata: { name, namespace = "default" }, values }: Sealed): Step {
  const refs = Object.values(values);
  const named = refs.flatMap((ref) => (ref.from === "env" ? [ref.name] : []));
  return {
    title: `Make Secret ${namespace}/${name}`,
    argv: ["ashlar", "seal", `--secret=${namespace}/${name}`, "--kubectl"],
    why: `Its values are in no file of this platform.${named.length > 0 ? ` It takes ${named.join(" and ")} from the environment.` : ""}`,
    when: "in the folder of platform.ts, by somebody who may know the values; again after they change",
    verify: `kubectl get secret ${name} --namespace=${namespace} shows it`,
    undo: `kubectl delete secret ${name} --namespace=${namespace}`,
  };
}

/** A strategic merge patch: lists merge by key, and a target that is not there is an error instead of a new object. */
function patchStep({ merge, why }: Patch, file: string): Step {
  const { kind, namespace, name } = refOf(merge);
  return {
    title: `Patch ${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
    argv: [
      "kubectl",
      "patch",
      kind.toLowerCase(),
      name,
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      "--type=strategic",
      `--patch-file=${file}`,
    ],
    why,
    when: "any time; only the fields of the patch change",
    verify: `kubectl says that ${kind.toLowerCase()}/${name} is patched, or patched with no change`,
  };
}
