import { isLabelValue } from "../labels.ts";
import { type Fields, fieldsOf, has, listOf, numberOf, textOf, textsOf } from "./fields.ts";
import { checkCidr, cidrFamily } from "./ip-address.ts";
import { checkLabelValue } from "./label-selector.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { checkResourceQuantity, readQuantities } from "./resource-requirements.ts";

const EFFECTS = ["NoExecute", "NoSchedule", "PreferNoSchedule"];
const LONGEST_FEATURE = 253;

/** Reports what the API server refuses in a Node beyond its metadata, with what a kubelet writes below `status`. */
export function checkNode(node: Fields, report: Report): void {
  const spec = fieldsOf(node, "spec") ?? {};
  const status = fieldsOf(node, "status") ?? {};
  checkTaints(listOf(spec, "taints"), report);
  for (const field of ["capacity", "allocatable"]) {
    // What is not allocatable by itself is all that there is.
    const from = field === "allocatable" && !has(status, field) ? "capacity" : field;
    for (const [name, quantity] of readQuantities(status, from))
      checkResourceQuantity(name, quantity, `status.${field}.${name}`, (path, message, hint) =>
        report(path, message, hint, { where: `status.${from}[${name}]` }),
      );
  }
  const swap = fieldsOf(fieldsOf(status, "nodeInfo") ?? {}, "swap") ?? {};
  const capacity = numberOf(swap, "capacity");
  if (capacity !== undefined && capacity <= 0)
    report("metadata.nodeSwapStatus.capacity", `swap is more than 0 bytes, not ${capacity}`, "remove it", {
      where: "status.nodeInfo.swap.capacity",
    });
  checkFeatures(textsOf(status, "declaredFeatures"), report);
  checkPodCidrs(spec, report);
}

/** The server names taints as if they stood below `metadata`. */
function checkTaints(taints: readonly Fields[], report: Report): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const [path, place] = [`metadata.taints[${i}]`, `spec.taints[${i}]`];
    const [key, value, effect] = [textOf(taint, "key"), textOf(taint, "value"), textOf(taint, "effect")];
    checkQualifiedName(key, `${path}.key`, report, `${place}.key`);
    if (!isLabelValue(value)) checkLabelValue(value, `${path}.value`, report, `${place}.value`);
    if (effect === "")
      missing(report, `${path}.effect`, `write one of ${EFFECTS.join(", ")}`, `${place}.effect`);
    else checkOneOf(effect, EFFECTS, `${path}.effect`, report, `${place}.effect`);
    const said = JSON.stringify([key, effect]);
    if (seen.has(said))
      report(path, `a taint ${quoted(key)} with effect ${effect} is there already`, "remove one", {
        where: place,
      });
    seen.add(said);
  });
}

function checkFeatures(features: readonly string[], report: Report): void {
  features.forEach((feature, i) => {
    const path = `status.declaredFeatures[${i}]`;
    if (feature.length > LONGEST_FEATURE || !/^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/.test(feature))
      report(path, `${quoted(feature)} is no feature of a kubelet`, "write a name like MyFeature");
    const before = features[i - 1];
    if (before !== undefined && before >= feature)
      report(path, "features are sorted, and each is there once", "sort them");
  });
}

function checkPodCidrs(spec: Fields, report: Report): void {
  const first = textOf(spec, "podCIDR");
  const given = textsOf(spec, "podCIDRs");
  // Where the two differ the server believes the older field.
  const isOld = first !== "" && first !== given[0];
  const cidrs = isOld ? [first] : given;
  const path = "spec.podCIDRs";
  cidrs.forEach((cidr, i) => {
    checkCidr(cidr, `${path}[${i}]`, (at, message, hint) =>
      report(at, message, hint, isOld ? { where: "spec.podCIDR" } : undefined),
    );
  });
  const families = cidrs.map(cidrFamily);
  if (cidrs.length > 1 && !(cidrs.length === 2 && families.includes(4) && families.includes(6)))
    report(path, "a node has one CIDR of each IP family", "leave one of IPv4 and one of IPv6");
}
