import { suggest } from "../did-you-mean.ts";
import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { formatRef, type Resource, refOf } from "../resource.ts";
import { fieldsOf, listOf } from "./references/json-values.ts";
import { missingObjects, relatedTo } from "./references/missing-object.ts";
import type { Reference } from "./references/reference.ts";
import { SERVICE } from "./references/target.ts";

const CODE = "core/no-missing-service";

/** An Ingress, route, webhook, aggregated API or StatefulSet with a Service, or a port of one, that is not there. */
export const noMissingService: Rule = {
  code: CODE,
  check: (inventory) =>
    missingObjects(inventory, {
      code: CODE,
      targets: [SERVICE],
      effect: ({ by }) => (by === "serviceName" ? "its pods have no names in DNS" : "requests fail"),
      isElsewhere: ({ namespace, name }) => name === "kubernetes" && (namespace ?? "default") === "default",
      inspect: (reference, service) => missingPort(inventory, reference, service),
    }),
};

/** Certain in any set: the Service is there. Names are looked up as names only, numbers as `port`. */
function missingPort(inventory: Inventory, { from, by, port }: Reference, service: Resource): Finding[] {
  const spec = fieldsOf(service.spec);
  const ports = listOf(spec.ports).map(fieldsOf);
  if (port === undefined || ports.length === 0 || spec.type === "ExternalName") return [];
  const field = typeof port.port === "number" ? "port" : "name";
  const isThere = ports.some((p) => p[field] === port.port || String(p.port) === port.port);
  if (isThere) return [];
  const known = ports.map((p) => p[field]).filter((p) => typeof p === "number" || typeof p === "string");
  const wanted = typeof port.port === "number" ? String(port.port) : `"${port.port}"`;
  return [
    {
      ...findingAbout(from, inventory.locate, {
        code: CODE,
        severity: "error",
        message: `${formatRef(refOf(from))}: ${by} speaks to port ${wanted} of ${formatRef(refOf(service))}, which has no such port: requests fail`,
        hint:
          field === "port" || known.length === 0
            ? `its ports are ${ports.map(portText).join(", ")}`
            : suggest(String(port.port), known.map(String)),
        path: formatPath(port.path),
      }),
      related: [relatedTo(inventory, service, "it is here", "spec.ports")],
    },
  ];
}

function portText({ name, port }: Readonly<Record<string, unknown>>): string {
  return `${typeof port === "number" ? port : "?"}${typeof name === "string" ? ` (${name})` : ""}`;
}
