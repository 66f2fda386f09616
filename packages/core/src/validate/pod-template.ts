import { entryOf, type Fields, fieldsOf, has, listOf, textMapOf, textOf } from "./fields.ts";
import { checkLabels } from "./label-selector.ts";
import { checkAnnotations } from "./object-meta.ts";
import { checkPodSpec } from "./pod-spec.ts";
import { quoted, type Report } from "./report.ts";

const NOTHING: Fields = {};
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

/** Reports what the API server refuses in the template of a workload (core ValidatePodTemplateSpec). */
export function checkPodTemplate(
  template: Fields,
  path: string,
  report: Report,
  volumes?: readonly Fields[],
): void {
  const metadata = fieldsOf(template, "metadata") ?? NOTHING;
  const annotations = textMapOf(metadata, "annotations");
  const spec = fieldsOf(template, "spec") ?? NOTHING;
  // The server names labels of a template without the `metadata` between.
  checkLabels(textMapOf(metadata, "labels"), `${path}.labels`, report, `${path}.metadata.labels`);
  checkAnnotations(annotations, `${path}.annotations`, report, `${path}.metadata.annotations`);
  checkPodAnnotations(annotations, spec, `${path}.annotations`, `${path}.metadata.annotations`, report);
  checkPodSpec(volumes ? { ...spec, volumes } : spec, undefined, `${path}.spec`, report);
  if (listOf(spec, "ephemeralContainers").length > 0)
    report(
      `${path}.spec.ephemeralContainers`,
      "a template has no ephemeral containers",
      "remove them: kubectl debug adds them to a pod that runs",
    );
}

/** Reports what the API server refuses in a Pod beyond its metadata (core ValidatePodCreate). */
export function checkPod(pod: Fields, report: Report): void {
  const spec = fieldsOf(pod, "spec") ?? NOTHING;
  const metadata = fieldsOf(pod, "metadata") ?? NOTHING;
  const annotations = textMapOf(metadata, "annotations");
  checkPodAnnotations(annotations, spec, "metadata.annotations", "metadata.annotations", report);
  checkPodSpec(spec, pod, "spec", report);
  if (listOf(spec, "ephemeralContainers").length > 0)
    report(
      "spec.ephemeralContainers",
      "a new pod has no ephemeral containers",
      "remove them: kubectl debug adds them to a pod that runs",
    );
  if (textOf(spec, "nodeName") !== "" && listOf(spec, "schedulingGates").length > 0)
    report("spec.nodeName", "nodeName and schedulingGates exclude each other", "remove one of them");
  for (const list of ["containers", "initContainers"])
    listOf(spec, list).forEach((container, i) => {
      const image = textOf(container, "image");
      if (image !== image.trim())
        report(
          `spec.${list}[${i}].image`,
          `${quoted(image)} begins or ends with a space`,
          "remove the space",
          {
            fix: [{ op: "replace", path: `/spec/${list}/${i}/image`, value: image.trim() }],
          },
        );
    });
  if (textOf(spec, "serviceAccountName") !== "" || textOf(spec, "serviceAccount") !== "") return;
  listOf(spec, "volumes").forEach((volume, i) => {
    listOf(fieldsOf(volume, "projected") ?? NOTHING, "sources").forEach((source, j) => {
      if (has(source, "serviceAccountToken"))
        report(
          `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`,
          "a token needs the pod's serviceAccountName",
          "write serviceAccountName: default, or another",
        );
    });
  });
}

function checkPodAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  spec: Fields,
  path: string,
  place: string,
  report: Report,
): void {
  if (annotations === undefined) return;
  const cost = entryOf(annotations, DELETION_COST);
  if (cost !== undefined && (!/^(0|-[0-9]+|[1-9][0-9]*)$/.test(cost) || Math.abs(Number(cost)) > 2 ** 31 - 1))
    report(
      `${path}[${DELETION_COST}]`,
      `${quoted(cost)} is not a whole number of 32 bits`,
      "write a number in quotes",
      {
        where: `${place}[${DELETION_COST}]`,
      },
    );
  for (const key in annotations) {
    if (!key.startsWith(APP_ARMOR)) continue;
    const name = key.slice(APP_ARMOR.length);
    const exists = ["initContainers", "containers"].some((list) =>
      listOf(spec, list).some((c) => textOf(c, "name") === name),
    );
    const isProfile = /^$|^runtime\/default$|^unconfined$|^localhost\//.test(annotations[key]!);
    if (!exists || !isProfile)
      report(
        `${path}[${key}]`,
        "it names no container of the pod, or no AppArmor profile",
        "use securityContext.appArmorProfile of the container instead",
        {
          where: `${place}[${key}]`,
        },
      );
  }
}

/** Reports a template whose pods would not be restarted always, where the workload knows no other. */
export function checkAlwaysRestarts(template: Fields, kind: string, path: string, report: Report): void {
  const spec = fieldsOf(template, "spec") ?? NOTHING;
  const policy = textOf(spec, "restartPolicy") || "Always";
  if (policy !== "Always")
    report(
      `${path}.spec.restartPolicy`,
      `a ${kind} restarts its containers always, not ${quoted(policy)}`,
      "remove restartPolicy; for pods that end write a Job",
    );
  if (has(spec, "activeDeadlineSeconds"))
    report(
      `${path}.spec.activeDeadlineSeconds`,
      `pods of a ${kind} have no deadline`,
      "remove it; for pods that end write a Job",
    );
}

/** The labels of a template's pods. */
export function templateLabels(template: Fields): Readonly<Record<string, string>> {
  return textMapOf(fieldsOf(template, "metadata") ?? NOTHING, "labels") ?? {};
}
