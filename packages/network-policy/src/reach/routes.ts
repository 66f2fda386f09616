import { formatRef, type ResourceRef, refOf } from "@ashlar/core";
import type { Protocol } from "../policy/normal.ts";
import { type Endpoint, type Party, resolveEndpoint } from "./endpoints.ts";
import type { NetworkModel } from "./model.ts";
import type { ServiceFacts, ServicePort } from "./services.ts";
import { NO, selects } from "./truth.ts";
import { allPorts, type Family, numbersOf, type PortRange, type Unit } from "./unit.ts";

/** Where connections to an endpoint end: a unit and its ports. */
export interface Route {
  readonly to: Unit;
  readonly asked: PortRange;
  /** The Service's port that leads there, where it differs from the unit's. */
  readonly servicePort?: number;
}

export interface Routes {
  readonly routes: readonly Route[];
  readonly via?: Via;
  /** Families that the Service serves; absent: any. */
  readonly families?: readonly Family[];
  /** Why there is no route, or not surely. */
  readonly problem?: string;
}

/** The Service on the way, and what it translates ports to: `80/TCP to 8000`. */
export interface Via {
  readonly service: ResourceRef;
  readonly headless: boolean;
  readonly ports: readonly { readonly port: number; readonly target: number }[];
}

/** What is asked of the receiving side. */
export interface Asked {
  /** A number, a name, or absent: every port. */
  readonly port?: number | string;
  readonly protocol: Protocol;
}

/**
 * Where a connection to a party ends. A name that both pods and a Service have means the Service when the port is one
 * that the Service declares and the pods do not.
 */
export function routesTo(model: NetworkModel, endpoint: Endpoint, party: Party, asked: Asked): Routes {
  const service = party.service ?? serviceOfName(model, endpoint, party, asked);
  if (service !== undefined) return serviceRoutes(model, service, asked);
  const { port, protocol } = asked;
  if (typeof port !== "string") {
    const range = port === undefined ? allPorts : { from: port, to: port };
    return { routes: party.units.map((to) => ({ to, asked: range })) };
  }
  const routes = party.units.flatMap((to) =>
    numbersOf(to, port, protocol).map((n) => ({ to, asked: { from: n, to: n } })),
  );
  const without = party.units.find((to) => numbersOf(to, port, protocol).length === 0);
  if (without === undefined) return { routes };
  return { routes, problem: `${without.name} declares no ${protocol} port named ${JSON.stringify(port)}` };
}

/** The pods behind a Service, whatever its ports. */
export function unitsBehind(model: NetworkModel, service: ServiceFacts): Unit[] {
  const { selector } = service;
  if (selector !== undefined)
    return model.units.filter((u) => u.namespace === service.namespace && selects(selector, u.labels) !== NO);
  const addresses = model.backends.filter((b) => b.service === service.name).flatMap((b) => b.addresses);
  return [...new Set(addresses)].flatMap((ip) => resolveEndpoint(model, { ip }).units);
}

function serviceOfName(
  model: NetworkModel,
  endpoint: Endpoint,
  party: Party,
  { port, protocol }: Asked,
): ServiceFacts | undefined {
  if (typeof endpoint !== "string" || port === undefined) return undefined;
  const service = model.services.get(endpoint);
  if (service === undefined || !service.ports.some((p) => isAsked(p, port, protocol))) return undefined;
  const declared = party.units.some((unit) =>
    unit.ports.some(
      (p) => p.protocol === protocol && (typeof port === "number" ? p.number : p.name) === port,
    ),
  );
  return declared ? undefined : service;
}

function isAsked(declared: ServicePort, port: number | string, protocol: Protocol): boolean {
  return (
    declared.protocol === protocol && (typeof port === "number" ? declared.port : declared.name) === port
  );
}

function serviceRoutes(model: NetworkModel, service: ServiceFacts, asked: Asked): Routes {
  const { port, protocol } = asked;
  const title = formatRef(refOf(service.resource));
  if (service.externalName !== undefined)
    return {
      routes: [],
      problem: `${title} is an ExternalName of ${service.externalName}: its address is not known`,
    };
  const units = unitsBehind(model, service);
  if (units.length === 0) {
    const where =
      service.selector === undefined
        ? "no EndpointSlice names an address behind"
        : "no pod of the set is behind";
    return { routes: [], problem: `${where} ${title}` };
  }
  const families = service.families.length > 0 ? { families: service.families } : {};
  const via = (ports: Via["ports"]): Via => ({
    service: refOf(service.resource),
    headless: service.headless,
    ports,
  });
  if (service.headless && typeof port !== "string") {
    const range = port === undefined ? allPorts : { from: port, to: port };
    return { routes: units.map((to) => ({ to, asked: range })), via: via([]), ...families };
  }
  const ports = service.ports.filter((p) =>
    port === undefined ? p.protocol === protocol : isAsked(p, port, protocol),
  );
  if (ports.length === 0) {
    const declared = service.ports.map(
      (p) => `${p.port}/${p.protocol}${p.name === undefined ? "" : ` (${p.name})`}`,
    );
    const wanted = port === undefined ? `no ${protocol} port` : `no port ${port}/${protocol}`;
    return { routes: [], problem: `${title} declares ${wanted}, it has ${declared.join(", ") || "none"}` };
  }
  const routes = ports.flatMap((p) => routesOfPort(model, service, units, p));
  const translated = new Map(
    routes.map((r) => [`${r.servicePort} ${r.asked.from}`, { port: r.servicePort!, target: r.asked.from }]),
  );
  const dead = ports.find((p) => !routes.some((r) => r.servicePort === p.port));
  const problem =
    dead && `nothing behind ${title} has the target of its port ${dead.port}: ${dead.target}/${protocol}`;
  return {
    routes,
    via: via([...translated.values()]),
    ...families,
    ...(problem !== undefined && { problem }),
  };
}

/** The pods that serve one port of a Service: by number all, by name those that declare it, the first container winning. */
function routesOfPort(
  model: NetworkModel,
  service: ServiceFacts,
  units: readonly Unit[],
  port: ServicePort,
): Route[] {
  const route = (to: Unit, number: number): Route => ({
    to,
    asked: { from: number, to: number },
    servicePort: port.port,
  });
  const { target } = port;
  if (service.selector !== undefined)
    return units.flatMap((to) => {
      const number = typeof target === "number" ? target : numbersOf(to, target, port.protocol)[0];
      return number === undefined ? [] : [route(to, number)];
    });
  return model.backends
    .filter((b) => b.service === service.name)
    .flatMap((backend) => {
      const own = backend.ports.filter((p) => p.protocol === port.protocol && p.name === (port.name ?? ""));
      const tos = backend.addresses.flatMap((ip) => resolveEndpoint(model, { ip }).units);
      return own.flatMap((p) => tos.map((to) => route(to, p.number)));
    });
}
