import { isDnsSubdomain } from "../names.ts";
import { type Fields, fieldsOf, flagOf, numberOf, textOf } from "./fields.ts";
import { checkDnsSubdomain, checkVersionLabel } from "./name-forms.ts";
import { effectiveName } from "./object-meta.ts";
import { checkPortNumber } from "./port.ts";
import { checkRange, missing, type Report } from "./report.ts";

const MOST_GROUP_PRIORITY = 20_000;
const MOST_VERSION_PRIORITY = 1000;

/** Reports what the API server refuses in an APIService beyond the form of its metadata. */
export function checkApiService(apiService: Fields, report: Report): void {
  const spec = fieldsOf(apiService, "spec") ?? {};
  const [group, version] = [textOf(spec, "group"), textOf(spec, "version")];
  checkName(fieldsOf(apiService, "metadata") ?? {}, `${version}.${group}`, report);
  if (group !== "") checkDnsSubdomain(group, "spec.group", report);
  else if (version !== "v1") missing(report, "spec.group", "write the API group that the service serves");
  checkVersionLabel(version, "spec.version", report);
  checkRange(
    numberOf(spec, "groupPriorityMinimum") ?? 0,
    1,
    MOST_GROUP_PRIORITY,
    "spec.groupPriorityMinimum",
    report,
  );
  checkRange(
    numberOf(spec, "versionPriority") ?? 0,
    1,
    MOST_VERSION_PRIORITY,
    "spec.versionPriority",
    report,
  );
  const hasBundle = textOf(spec, "caBundle") !== "";
  const isInsecure = flagOf(spec, "insecureSkipTLSVerify") === true;
  const insecure = "spec.insecureSkipTLSVerify";
  const service = fieldsOf(spec, "service");
  if (service === undefined) {
    if (hasBundle) report("spec.caBundle", "a local API has no caBundle", "write service, or remove it");
    if (isInsecure) report(insecure, "a local API has no TLS", "write service, or remove it");
    return;
  }
  for (const field of ["namespace", "name"])
    if (textOf(service, field) === "")
      missing(report, `spec.service.${field}`, `write the ${field} of the Service`);
  checkPortNumber(numberOf(service, "port") ?? 443, "spec.service.port", report);
  if (isInsecure && hasBundle)
    report(insecure, "with a caBundle the certificate is verified", "remove insecureSkipTLSVerify");
}

function checkName(metadata: Fields, required: string, report: Report): void {
  const prefix = textOf(metadata, "generateName");
  const hint = isDnsSubdomain(required) ? `write ${required}` : "write the version, a dot and the group";
  const say = (path: string) =>
    report(path, "the name of an APIService is its version, a dot and its group", hint);
  if (prefix !== "" && prefix !== required) say("metadata.generateName");
  const name = effectiveName(metadata);
  if (name !== "" && name !== required) say("metadata.name");
}
