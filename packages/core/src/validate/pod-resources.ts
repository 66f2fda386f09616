import { type Fields, fieldsOf, has, listOf, textOf } from "./fields.ts";
import { millis } from "./quantity.ts";
import type { Report } from "./report.ts";
import { checkPodResource, checkResourceRequirements, readQuantities } from "./resource-requirements.ts";

const NOTHING: Fields = {};

/**
 * Reports what the API server refuses in `resources` of a pod as a whole: less than its containers ask for together, or less
 * than one of them may use.
 *
 * @param isPod whether it is a Pod, whose containers get their limits as requests where these are missing
 */
export function checkPodResources(
  spec: Fields,
  claims: ReadonlySet<string>,
  isPod: boolean,
  path: string,
  report: Report,
): void {
  const resources = fieldsOf(spec, "resources");
  if (!resources) return;
  const at = `${path}.resources`;
  if (has(resources, "claims"))
    report(`${at}.claims`, "a pod as a whole has no claims", "write them in its containers");
  checkResourceRequirements(resources, at, claims, checkPodResource, report);
  const requests = amounts(resources, "requests");
  for (const [name, sum] of containersTogether(spec, isPod)) {
    const request = requests.get(name);
    if (request !== undefined && request < sum)
      report(
        `${at}.requests[${name}]`,
        `the containers together ask for more ${name} than the pod`,
        `raise it, or remove it: it is then the sum`,
      );
  }
  const limits = amounts(resources, "limits");
  listOf(spec, "containers").forEach((container, i) => {
    for (const [name, limit] of amounts(fieldsOf(container, "resources") ?? NOTHING, "limits"))
      if (limit > (limits.get(name) ?? limit))
        // So the server names it.
        report(
          `${at}.containers[${i}][${name}].limits`,
          `the container may use more ${name} than the pod`,
          "lower it, or raise the limit of the pod",
          { where: `${path}.containers[${i}].resources.limits.${name}` },
        );
  });
}

type Amounts = ReadonlyMap<string, bigint>;

/** In thousandths; what is no quantity is reported elsewhere. */
function amounts(resources: Fields, field: string): Amounts {
  return new Map([...readQuantities(resources, field)].map(([name, q]) => [name, millis(q)]));
}

/** What the containers request at the time when they need most: sidecars go on, other init containers run one by one. */
function containersTogether(spec: Fields, isPod: boolean): Amounts {
  const requestsOf = (container: Fields): Amounts => {
    const resources = fieldsOf(container, "resources") ?? NOTHING;
    const requests = amounts(resources, "requests");
    return isPod ? new Map([...amounts(resources, "limits"), ...requests]) : requests;
  };
  let running: Amounts = new Map();
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of listOf(spec, "containers")) running = merged(running, requestsOf(container), plus);
  for (const container of listOf(spec, "initContainers")) {
    const needed = merged(sidecars, requestsOf(container), plus);
    starting = merged(starting, needed, greater);
    if (textOf(container, "restartPolicy") === "Always") {
      sidecars = needed;
      running = merged(running, requestsOf(container), plus);
    }
  }
  return merged(running, starting, greater);
}

function merged(a: Amounts, b: Amounts, join: (x: bigint, y: bigint) => bigint): Amounts {
  const all = new Map(a);
  for (const [name, amount] of b) all.set(name, join(all.get(name) ?? 0n, amount));
  return all;
}

function plus(x: bigint, y: bigint): bigint {
  return x + y;
}

function greater(x: bigint, y: bigint): bigint {
  return x > y ? x : y;
}
