import { type Fields, fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import { checkLabelSelector } from "./label-selector.ts";
import { checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { parseQuantity } from "./quantity.ts";
import { checkNotNegative, missing, quoted, type Report } from "./report.ts";
import { checkDriverName } from "./volume.ts";

const LONGEST_NODE_ID = 256;

/** Reports what the API server refuses in a CSINode beyond its metadata. */
export function checkCsiNode(node: Fields, report: Report): void {
  const names = new Set<string>();
  listOf(fieldsOf(node, "spec") ?? {}, "drivers").forEach((driver, i) => {
    const path = `spec.drivers[${i}]`;
    const [name, id] = [textOf(driver, "name"), textOf(driver, "nodeID")];
    checkDriverName(name, `${path}.name`, report);
    if (names.has(name))
      report(`${path}.name`, `a driver ${quoted(name)} is there already`, "remove one of them");
    names.add(name);
    if (id === "") missing(report, `${path}.nodeID`, "write what the driver calls the node");
    if (utf8Length(id) > LONGEST_NODE_ID)
      report(`${path}.nodeID`, `at most ${LONGEST_NODE_ID} bytes`, "write the driver's own, shorter name");
    const { count } = fieldsOf(driver, "allocatable") ?? {};
    if (typeof count === "number") checkNotNegative(count, `${path}.allocatable.count`, report);
    const keys = new Set<string>();
    textsOf(driver, "topologyKeys").forEach((key, j) => {
      const where = `${path}.topologyKeys[${j}]`;
      if (keys.has(key)) report(path, `${quoted(key)} is there twice`, "remove one", { where });
      keys.add(key);
      checkQualifiedName(key, path, report, where);
    });
  });
}

/** Reports what the API server refuses in a CSIStorageCapacity beyond its metadata. */
export function checkCsiStorageCapacity(capacity: Fields, report: Report): void {
  checkLabelSelector(fieldsOf(capacity, "nodeTopology"), "nodeTopology", report);
  checkDnsSubdomain(textOf(capacity, "storageClassName"), "storageClassName", report);
  const amount = capacity.capacity == null ? undefined : parseQuantity(capacity.capacity);
  if (amount && amount.nanos < 0n)
    report("capacity", "it must be 0 or more", "write how much there is, or remove it");
}
