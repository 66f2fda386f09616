import { type Fields, fieldsOf, has, numberOf, textMapOf, textOf } from "./fields.ts";
import { effectiveName } from "./object-meta.ts";
import { checkNotNegative, checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const DEFAULTS = { queues: 64, handSize: 8, queueLengthLimit: 50 };
const MOST_QUEUES = 10_000_000;
/** Bits of the hash that deals queues. */
const HASH_BITS = 60;
const OLD_ANNOTATION = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

/** Reports what the API server refuses in a PriorityLevelConfiguration beyond its metadata. */
export function checkPriorityLevel(level: Fields, report: Report): void {
  const metadata = fieldsOf(level, "metadata") ?? {};
  if (Object.hasOwn(textMapOf(metadata, "annotations") ?? {}, OLD_ANNOTATION))
    report("metadata.annotations", `${OLD_ANNOTATION} is for v1beta3 alone`, "remove it", {
      where: `metadata.annotations[${OLD_ANNOTATION}]`,
    });
  const spec = fieldsOf(level, "spec") ?? {};
  const name = effectiveName(metadata);
  const type = textOf(spec, "type");
  const exempt = fieldsOf(spec, "exempt");
  const limited = fieldsOf(spec, "limited");
  if ((name === "exempt") !== (type === "Exempt"))
    report(
      "spec.type",
      `the level "exempt", and no other, is of type Exempt: ${quoted(name)} is of type ${quoted(type)}`,
      name === "exempt" ? "write Exempt" : "write Limited",
    );
  if (type === "") missing(report, "spec.type", "write Limited");
  else checkOneOf(type, ["Exempt", "Limited"], "spec.type", report);
  if (type === "Exempt") {
    if (limited) report("spec.limited", "a level of type Exempt has no limits", "remove limited");
    if (exempt) checkShares(exempt, "spec.exempt", report);
  }
  if (type === "Limited") {
    if (exempt) report("spec.exempt", "a level of type Limited has limits alone", "remove exempt");
    if (limited) checkLimited(limited, "spec.limited", report);
    else missing(report, "spec.limited", "write limited: { limitResponse: { type: Reject } }");
  }
  if (isChanged(name, type, limited, exempt))
    report("spec", `Kubernetes fixes the spec of ${quoted(name)}`, "remove it, or give it another name");
}

function checkShares(level: Fields, path: string, report: Report): void {
  checkNotNegative(numberOf(level, "nominalConcurrencyShares"), `${path}.nominalConcurrencyShares`, report);
  checkRange(numberOf(level, "lendablePercent") ?? 0, 0, 100, `${path}.lendablePercent`, report);
}

function checkLimited(limited: Fields, path: string, report: Report): void {
  checkShares(limited, path, report);
  checkNotNegative(numberOf(limited, "borrowingLimitPercent"), `${path}.borrowingLimitPercent`, report);
  const response = fieldsOf(limited, "limitResponse") ?? {};
  const at = `${path}.limitResponse`;
  const type = textOf(response, "type");
  const queuing = fieldsOf(response, "queuing");
  if (type === "") missing(report, `${at}.type`, "write Queue or Reject");
  else checkOneOf(type, ["Queue", "Reject"], `${at}.type`, report);
  if (type === "Reject" && queuing)
    report(`${at}.queuing`, "what is rejected has no queue", "remove queuing, or write type: Queue");
  if (type !== "Queue") return;
  if (queuing) checkQueuing(queuing, `${at}.queuing`, report);
  else missing(report, `${at}.queuing`, "write queuing: {}, or type: Reject");
}

function checkQueuing(queuing: Fields, path: string, report: Report): void {
  const of = (field: keyof typeof DEFAULTS) => numberOf(queuing, field) || DEFAULTS[field];
  const [length, queues, hand] = [of("queueLengthLimit"), of("queues"), of("handSize")];
  if (length < 1) report(`${path}.queueLengthLimit`, `it must be 1 or more, not ${length}`, "write 50");
  checkRange(queues, 1, MOST_QUEUES, `${path}.queues`, report);
  if (hand < 1) report(`${path}.handSize`, `it must be 1 or more, not ${hand}`, "write 8");
  else if (hand > queues)
    report(`${path}.handSize`, `${hand} is more than the ${queues} queues`, "write less than queues");
  else if (Math.ceil(Math.log2(queues) * hand) > HASH_BITS)
    report(
      `${path}.handSize`,
      `${hand} of ${queues} queues need more than the ${HASH_BITS} bits that the server's hash has`,
      "write fewer queues or a smaller hand",
    );
}

/** The two levels that the API server always has; of `exempt` the shares may change. */
function isChanged(name: string, type: string, limited: Fields | undefined, exempt: Fields | undefined) {
  if (name === "exempt") return type !== "Exempt" || limited !== undefined;
  if (name !== "catch-all") return false;
  const response = fieldsOf(limited ?? {}, "limitResponse") ?? {};
  return !(
    type === "Limited" &&
    exempt === undefined &&
    limited &&
    numberOf(limited, "nominalConcurrencyShares") === 5 &&
    !numberOf(limited, "lendablePercent") &&
    !has(limited, "borrowingLimitPercent") &&
    textOf(response, "type") === "Reject" &&
    !has(response, "queuing")
  );
}
