import { type Finding, findingAbout, formatRef, type Resource, type Rule, refOf } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, textOf } from "../routes/fields.ts";
import { type IngressRoute, NGINX } from "../routes/ingress-routes.ts";
import { annotationOf, type RouteSet, refIn } from "../routes/route-set.ts";
import { modelOf, partialObjects } from "./model-of.ts";

const CODE = "ingress/no-protocol-mismatch";

/** An Ingress that speaks plain HTTP to a port that speaks TLS, or TLS to one that speaks plain HTTP. */
export const noProtocolMismatch: Rule = {
  code: CODE,
  check(inventory) {
    const { set, ingresses } = modelOf(inventory);
    const isPartial = partialObjects(inventory);
    return ingresses.flatMap(({ edge, hosts, fallbacks }) => {
      // Other controllers are told the protocol elsewhere.
      if (edge.controller?.name !== "ingress-nginx") return [];
      const routes = [...hosts.values()].flatMap((host) =>
        [
          ...host.paths.exact.values(),
          ...host.paths.elements.at.values(),
          ...host.paths.characters.at.values(),
        ]
          .flat()
          .map(({ route }) => route),
      );
      const seen = new Set<string>();
      return [...routes, ...fallbacks].flatMap((route): Finding[] => {
        const key = `${formatRef(refIn(set, route.ingress))} ${route.path}`;
        if (seen.has(key) || isPartial(route.ingress)) return [];
        seen.add(key);
        const found = mismatch(set, route);
        return found === undefined
          ? []
          : [findingAbout(route.ingress, inventory.locate, { code: CODE, severity: "warning", ...found })];
      });
    });
  },
};

function mismatch(
  set: RouteSet,
  { ingress, backend, path }: IngressRoute,
): Pick<Finding, "message" | "hint" | "path"> | undefined {
  const protocol = annotationOf(ingress, `${NGINX}backend-protocol`).toUpperCase() || "HTTP";
  const passesThrough = annotationOf(ingress, `${NGINX}ssl-passthrough`) === "true";
  if (backend.service === undefined || passesThrough) return undefined;
  const service = set.find("", "Service", set.namespaceOf(ingress), backend.service);
  const port = service && portOf(service, backend.port);
  if (service === undefined || port === undefined) return undefined;
  const speaks = protocolOf(port);
  const name = `${formatRef(refOf(ingress))}: port ${String(backend.port)} of ${formatRef(refOf(service))}`;
  if (speaks === "https" && (protocol === "HTTP" || protocol === "GRPC"))
    return {
      message: `${name} speaks TLS (${reason(port)}), and the controller speaks plain ${protocol} to it`,
      hint: `write the annotation ${NGINX}backend-protocol: ${protocol}S, or name a port that speaks plain ${protocol}`,
      path,
    };
  if (speaks === "http" && (protocol === "HTTPS" || protocol === "GRPCS"))
    return {
      message: `${name} speaks plain HTTP (${reason(port)}), and the controller speaks TLS to it`,
      hint: `remove the annotation ${NGINX}backend-protocol, or name a port that speaks TLS`,
      path: `metadata.annotations[${NGINX}backend-protocol]`,
    };
  return undefined;
}

function portOf(service: Resource, asked: number | string | undefined): Fields | undefined {
  const spec = fieldsOf(service.spec);
  if (spec.type === "ExternalName") return undefined;
  return listOf(spec.ports)
    .map(fieldsOf)
    .find((port) => (typeof asked === "number" ? port.port : port.name) === asked);
}

const TLS_NUMBERS: readonly unknown[] = [443, 6443, 8443, 9443];
const PLAIN_NUMBERS: readonly unknown[] = [80, 3000, 8000, 8080];

/** What a port speaks, as far as its Service says it: by appProtocol, by the name of the target, by its number. */
function protocolOf({ appProtocol, targetPort, port }: Fields): "http" | "https" | undefined {
  const said = textOf(appProtocol).toLowerCase();
  if (said !== "") return said === "https" ? "https" : said === "http" ? "http" : undefined;
  const target = targetPort ?? port;
  if (target === "https" || TLS_NUMBERS.includes(target)) return "https";
  return target === "http" || PLAIN_NUMBERS.includes(target) ? "http" : undefined;
}

function reason({ appProtocol, targetPort, port }: Fields): string {
  return textOf(appProtocol) === ""
    ? `target port ${String(targetPort ?? port)}`
    : `appProtocol ${textOf(appProtocol)}`;
}
