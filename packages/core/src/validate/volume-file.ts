import { checkFieldRef, checkResourceFieldRef } from "./env.ts";
import { type Fields, fieldsOf, numberOf, textOf } from "./fields.ts";
import { checkVolumePath } from "./paths.ts";
import { missing, type Report } from "./report.ts";

/** Reports what the API server refuses in one entry of `items`. */
export function checkKeyToPath(item: Fields, path: string, report: Report): void {
  const file = textOf(item, "path");
  if (textOf(item, "key") === "") missing(report, `${path}.key`, "write the key of the ConfigMap or Secret");
  if (file === "") missing(report, `${path}.path`, "write the name of the file");
  checkVolumePath(file, `${path}.path`, report);
  checkMode(item, "mode", path, report);
}

/** Reports file permissions that are none. */
export function checkMode(source: Fields, field: string, path: string, report: Report): void {
  const mode = numberOf(source, field);
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    report(
      `${path}.${field}`,
      `permissions must be 0 to 0777 octal (511 decimal), not ${mode}`,
      "write it as YAML octal, 0644, or in decimal, 420",
    );
}

const VOLUME_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.labels",
  "metadata.annotations",
  "metadata.uid",
];

/** Reports what the API server refuses in one file of a downwardAPI volume. */
export function checkDownwardFile(file: Fields, path: string, report: Report): void {
  const name = textOf(file, "path");
  if (name === "") missing(report, `${path}.path`, "write the name of the file");
  checkVolumePath(name, `${path}.path`, report);
  const field = fieldsOf(file, "fieldRef");
  const amount = fieldsOf(file, "resourceFieldRef");
  if (field) {
    checkFieldRef(field, VOLUME_FIELDS, `${path}.fieldRef`, report);
    if (amount) report(path, "fieldRef and resourceFieldRef exclude each other", "leave one of them");
  } else if (amount) checkResourceFieldRef(amount, true, `${path}.resourceFieldRef`, report);
  else missing(report, path, "write fieldRef or resourceFieldRef");
  checkMode(file, "mode", path, report);
}
