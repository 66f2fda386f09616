import { isRecord } from "../json.ts";
import { type Fields, fieldsOf, has, optionalText, textOf, textsOf } from "./fields.ts";
import { checkLabelSelector } from "./label-selector.ts";
import { checkDnsSubdomain } from "./name-forms.ts";
import { checkOneOf, missing, type Report } from "./report.ts";
import { readQuantities } from "./resource-requirements.ts";

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** Reports what the API server refuses in a PersistentVolumeClaim beyond its metadata. */
export function checkPersistentVolumeClaim(claim: Fields, report: Report): void {
  checkClaimSpec(fieldsOf(claim, "spec") ?? {}, "spec", report, true);
}

/**
 * Reports what the API server refuses in the spec of a claim (core ValidatePersistentVolumeClaimSpec).
 *
 * @param ofClaim whether it is a PersistentVolumeClaim's own, not that of a template
 */
export function checkClaimSpec(spec: Fields, path: string, report: Report, ofClaim = false): void {
  checkAccessModes(spec, path, report);
  checkLabelSelector(fieldsOf(spec, "selector"), `${path}.selector`, report);
  checkStorage(fieldsOf(spec, "resources") ?? {}, `${path}.resources`, report);
  for (const field of ["storageClassName", "volumeAttributesClassName"]) {
    const name = textOf(spec, field);
    if (name !== "") checkDnsSubdomain(name, `${path}.${field}`, report);
  }
  checkVolumeMode(spec, path, report);
  checkSources(spec, path, ofClaim, report);
}

/** Reports what the API server refuses in `accessModes` of a claim or volume. */
export function checkAccessModes(spec: Fields, path: string, report: Report): void {
  const modes = textsOf(spec, "accessModes");
  if (modes.length === 0) missing(report, `${path}.accessModes`, "write accessModes: [ReadWriteOnce]");
  modes.forEach((mode, i) => {
    checkOneOf(mode, ACCESS_MODES, `${path}.accessModes`, report, `${path}.accessModes[${i}]`);
  });
  if (
    modes.includes("ReadWriteOncePod") &&
    modes.some((m) => m !== "ReadWriteOncePod" && ACCESS_MODES.includes(m))
  )
    report(`${path}.accessModes`, "ReadWriteOncePod excludes other modes", "leave ReadWriteOncePod alone");
}

/** Reports a `volumeMode` that is none. */
export function checkVolumeMode(spec: Fields, path: string, report: Report): void {
  const mode = optionalText(spec, "volumeMode");
  if (mode !== undefined) checkOneOf(mode, ["Block", "Filesystem"], `${path}.volumeMode`, report);
}

/** The server names the request as if it stood at once below `resources`. */
function checkStorage(resources: Fields, path: string, report: Report): void {
  const requests = readQuantities(resources, "requests");
  const at = `${path}[storage]`;
  const storage = requests.get("storage");
  const list = fieldsOf(resources, "requests");
  if (storage === undefined) {
    if (!isRecord(list) || !Object.hasOwn(list, "storage"))
      missing(report, at, "write requests: { storage: 10Gi }", `${path}.requests`);
  } else if (storage.nanos <= 0n)
    report(at, "the storage requested must be more than 0", "write a quantity like 10Gi", {
      where: `${path}.requests.storage`,
    });
}

/**
 * As the server does: a `dataSource` that is neither claim nor snapshot counts for nothing, a `dataSourceRef` into another
 * namespace needs a feature gate that is off by default, and where one of the two is missing it is the other.
 */
function checkSources(spec: Fields, path: string, ofClaim: boolean, report: Report): void {
  const source = fieldsOf(spec, "dataSource");
  const ref = fieldsOf(spec, "dataSourceRef");
  if (!ofClaim) {
    if (source) checkSource(source, `${path}.dataSource`, report);
    if (ref) checkSource(ref, `${path}.dataSourceRef`, report);
    checkSame(source, ref, path, report);
    return;
  }
  const kept = ref && textOf(ref, "namespace") === "" ? ref : undefined;
  const counts = source && (kept !== undefined || isClaimOrSnapshot(source)) ? source : undefined;
  for (const [field, value] of [
    ["dataSource", counts ?? kept],
    ["dataSourceRef", kept ?? counts],
  ] as const)
    if (value) checkSource(value, `${path}.${field}`, report);
  checkSame(counts, kept, path, report);
}

function isClaimOrSnapshot(source: Fields): boolean {
  const [group, kind] = [textOf(source, "apiGroup"), textOf(source, "kind")];
  return (
    (group === "" && kind === "PersistentVolumeClaim") ||
    (group === "snapshot.storage.k8s.io" && kind === "VolumeSnapshot")
  );
}

function checkSame(source: Fields | undefined, ref: Fields | undefined, path: string, report: Report): void {
  if (!source || !ref) return;
  const same = (field: string) => (source[field] ?? null) === (ref[field] ?? null);
  if (!(same("apiGroup") && same("kind") && same("name")))
    report(path, "dataSource and dataSourceRef must name the same object", "remove dataSource", {
      where: `${path}.dataSource`,
    });
}

function checkSource(source: Fields, path: string, report: Report): void {
  if (textOf(source, "name") === "") missing(report, `${path}.name`, "write the object's name");
  if (textOf(source, "kind") === "") missing(report, `${path}.kind`, "write the object's kind");
  const group = textOf(source, "apiGroup");
  if (group === "" && textOf(source, "kind") !== "PersistentVolumeClaim")
    report(
      path,
      "without apiGroup only a PersistentVolumeClaim can be the source",
      "write apiGroup, like snapshot.storage.k8s.io",
      {
        where: `${path}.kind`,
      },
    );
  if (group !== "" && has(source, "apiGroup")) checkDnsSubdomain(group, `${path}.apiGroup`, report);
}
