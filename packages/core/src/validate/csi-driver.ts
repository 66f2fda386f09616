import { type Fields, fieldsOf, has, listOf, numberOf, optionalText, textOf, textsOf } from "./fields.ts";
import { checkOneOf, quoted, type Report } from "./report.ts";

const LEAST_UPDATE_PERIOD = 10;
const LEAST_EXPIRATION = 600;
const MOST_EXPIRATION = 2 ** 32;

/** Reports what the API server refuses in a CSIDriver beyond its metadata. */
export function checkCsiDriver(driver: Fields, report: Report): void {
  const spec = fieldsOf(driver, "spec") ?? {};
  const policy = optionalText(spec, "fsGroupPolicy");
  if (policy !== undefined)
    checkOneOf(policy, ["File", "None", "ReadWriteOnceWithFSType"], "spec.fsGroupPolicy", report);
  textsOf(spec, "volumeLifecycleModes").forEach((mode, i) => {
    const path = "spec.volumeLifecycleModes";
    checkOneOf(mode, ["Ephemeral", "Persistent"], path, report, `${path}[${i}]`);
  });
  const period = numberOf(spec, "nodeAllocatableUpdatePeriodSeconds");
  if (period !== undefined && period < LEAST_UPDATE_PERIOD)
    report(
      "spec.nodeAllocatableUpdatePeriodSeconds",
      `the period is ${LEAST_UPDATE_PERIOD} seconds or more, not ${period}`,
      `write ${LEAST_UPDATE_PERIOD}`,
    );
  const requests = listOf(spec, "tokenRequests");
  checkTokenRequests(requests, report);
  if (has(spec, "serviceAccountTokenInSecrets") && requests.length === 0)
    report(
      "spec.serviceAccountTokenInSecrets",
      "it says where tokens go, and tokenRequests asks for none",
      "write tokenRequests, or remove it",
    );
}

function checkTokenRequests(requests: readonly Fields[], report: Report): void {
  const audiences = new Set<string>();
  requests.forEach((request, i) => {
    const path = `spec.tokenRequests[${i}]`;
    const audience = textOf(request, "audience");
    if (audiences.has(audience)) {
      report(`${path}.audience`, `a token for ${quoted(audience)} is asked for already`, "remove one");
      return;
    }
    audiences.add(audience);
    const seconds = numberOf(request, "expirationSeconds");
    if (seconds !== undefined && (seconds < LEAST_EXPIRATION || seconds > MOST_EXPIRATION))
      report(
        `${path}.expirationSeconds`,
        `a token lives ${LEAST_EXPIRATION} to ${MOST_EXPIRATION} seconds, not ${seconds}`,
        "write 3600",
      );
  });
}
