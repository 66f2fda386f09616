import { type Fields, fieldsOf, has, listOf, numberOf, textOf, textsOf } from "./fields.ts";
import { checkPortNumber, checkPortNumberOrName } from "./port.ts";
import { checkNotNegative, checkOneOf, missing, quoted, type Report } from "./report.ts";

const PROBE_HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];
const LIFECYCLE_HANDLERS = ["exec", "httpGet", "tcpSocket", "sleep"];

/** Reports what the API server refuses in the three probes of a container. */
export function checkProbes(container: Fields, gracePeriod: number, path: string, report: Report): void {
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = fieldsOf(container, name);
    if (!probe) continue;
    const at = `${path}.${name}`;
    checkProbe(probe, gracePeriod, at, report);
    const successes = numberOf(probe, "successThreshold") || 1;
    if (name !== "readinessProbe" && successes !== 1)
      report(
        `${at}.successThreshold`,
        `a ${name} counts one success, not ${successes}`,
        "remove it, or write 1",
      );
    if (name === "readinessProbe" && has(probe, "terminationGracePeriodSeconds"))
      report(
        `${at}.terminationGracePeriodSeconds`,
        "a readinessProbe never ends a container, so it has no grace period",
        "remove it",
      );
  }
}

function checkProbe(probe: Fields, gracePeriod: number, path: string, report: Report): void {
  checkHandler(probe, PROBE_HANDLERS, gracePeriod, path, report);
  for (const field of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ])
    checkNotNegative(numberOf(probe, field), `${path}.${field}`, report);
  const grace = numberOf(probe, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace <= 0)
    report(
      `${path}.terminationGracePeriodSeconds`,
      `it must be 1 or more, not ${grace}`,
      "write 1 or more, or remove it",
    );
}

/** Reports what the API server refuses in `lifecycle`. */
export function checkLifecycle(lifecycle: Fields, gracePeriod: number, path: string, report: Report): void {
  for (const hook of ["postStart", "preStop"]) {
    const handler = fieldsOf(lifecycle, hook);
    if (handler) checkHandler(handler, LIFECYCLE_HANDLERS, gracePeriod, `${path}.${hook}`, report);
  }
}

function checkHandler(
  handler: Fields,
  kinds: readonly string[],
  gracePeriod: number,
  path: string,
  report: Report,
): void {
  const given = kinds.filter((kind) => has(handler, kind));
  const [first, ...more] = given;
  if (first === undefined) missing(report, path, `write one of ${kinds.join(", ")}`);
  else checkAction(first, fieldsOf(handler, first) ?? {}, gracePeriod, `${path}.${first}`, report);
  for (const kind of more)
    report(`${path}.${kind}`, `only one of ${given.join(" and ")} can be done`, "leave one of them");
}

function checkAction(kind: string, action: Fields, gracePeriod: number, path: string, report: Report): void {
  switch (kind) {
    case "exec":
      if (textsOf(action, "command").length === 0)
        missing(report, `${path}.command`, "write the program and its arguments as a list");
      break;
    case "httpGet":
      checkPortNumberOrName(action, "port", path, report);
      checkOneOf(textOf(action, "scheme") || "HTTP", ["HTTP", "HTTPS"], `${path}.scheme`, report);
      listOf(action, "httpHeaders").forEach((header, i) => {
        const name = textOf(header, "name");
        if (!/^[-A-Za-z0-9]+$/.test(name))
          report(
            `${path}.httpHeaders`,
            `${quoted(name)} cannot name a header`,
            "write letters, digits and '-' only",
            {
              where: `${path}.httpHeaders[${i}].name`,
            },
          );
      });
      break;
    case "tcpSocket":
      checkPortNumberOrName(action, "port", path, report);
      break;
    case "grpc":
      checkPortNumber(numberOf(action, "port") ?? 0, `${path}.port`, report);
      break;
    case "sleep": {
      const seconds = numberOf(action, "seconds") ?? 0;
      if (seconds < 0 || seconds > gracePeriod)
        report(
          path,
          `sleep must be 0 to terminationGracePeriodSeconds (${gracePeriod}), not ${seconds}`,
          "sleep for less, or raise terminationGracePeriodSeconds",
        );
    }
  }
}
