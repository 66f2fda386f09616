import { type Fields, fieldsOf, has, numberOf, textOf } from "./fields.ts";
import { checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

/** How an API group calls what the server calls otherwise in its messages. */
type Names = Readonly<Record<"involvedObject" | "message" | "reportingController", string>>;

const CORE: Names = {
  involvedObject: "involvedObject",
  message: "message",
  reportingController: "reportingComponent",
};
const EVENTS: Names = {
  involvedObject: "regarding",
  message: "note",
  reportingController: "reportingController",
};
const LONGEST = { action: 128, reason: 128, message: 1024, reportingInstance: 128 };
/** Of the API before: the server names them without `deprecated`. */
const OLD = ["FirstTimestamp", "LastTimestamp"] as const;

/** Reports what the API server refuses in an Event of the core API, whose metadata it hardly looks at. */
export function checkCoreEvent(event: Fields, report: Report): void {
  checkEvent(event, CORE, report);
}

/** Reports what the API server refuses in an Event of events.k8s.io beyond its metadata. */
export function checkNewEvent(event: Fields, report: Report): void {
  checkEvent(event, EVENTS, report);
  const series = fieldsOf(event, "series");
  if (series) {
    const count = numberOf(series, "count") ?? 0;
    if (count < 2) report("series.count", `a series has 2 events or more, not ${count}`, "remove series");
    if (!has(series, "lastObservedTime"))
      missing(report, "series.lastObservedTime", "write when it was seen last");
  }
  if (!has(event, "eventTime")) missing(report, "eventTime", "write when it was seen first");
  checkOneOf(textOf(event, "type"), ["Normal", "Warning"], "type", report);
  for (const name of OLD)
    if (has(event, `deprecated${name}`)) unset(name[0]!.toLowerCase() + name.slice(1), name, report);
  if ((numberOf(event, "deprecatedCount") ?? 0) !== 0) unset("count", "Count", report);
  const source = fieldsOf(event, "deprecatedSource") ?? {};
  if (textOf(source, "component") !== "" || textOf(source, "host") !== "") unset("source", "Source", report);
}

function unset(path: string, name: string, report: Report): void {
  const where = `deprecated${name}`;
  report(path, `${where} is for events of the core API alone`, "remove it", { where });
}

function checkEvent(event: Fields, names: Names, report: Report): void {
  // Without a namespace the object goes to the client's, which is `default` when nothing else is said.
  const namespace = textOf(fieldsOf(event, "metadata") ?? {}, "namespace") || "default";
  const about = textOf(fieldsOf(event, names.involvedObject) ?? {}, "namespace");
  const isNew = has(event, "eventTime");
  const fits =
    about === ""
      ? namespace === "default" || (isNew && namespace === "kube-system")
      : isNew || about === namespace;
  if (!fits)
    report(
      "involvedObject.namespace",
      `the event is in ${quoted(namespace)}, and what it is about in ${quoted(about)}`,
      "write the same namespace in both",
      { where: `${names.involvedObject}.namespace` },
    );
  checkDnsSubdomain(namespace, "namespace", report, "metadata.namespace");
  if (!isNew) return;
  const controller = textOf(event, names.reportingController);
  if (controller === "")
    missing(report, names.reportingController, "write who reports, like example.com/controller");
  else checkQualifiedName(controller, names.reportingController, report);
  for (const field of Object.keys(LONGEST) as (keyof typeof LONGEST)[]) {
    const where = field === "message" ? names.message : field;
    const text = textOf(event, where);
    if (text === "" && field !== "message") missing(report, field, `write the event's ${field}`);
    if (utf8Length(text) > LONGEST[field])
      report(field, `at most ${LONGEST[field]} bytes, not ${utf8Length(text)}`, "write less", { where });
  }
}
