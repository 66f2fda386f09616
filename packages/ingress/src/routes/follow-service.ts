import type { Resource } from "@ashlar/core";
import { fieldsOf, listOf, textOf } from "./fields.ts";
import type { RoutesModel } from "./model.ts";
import { refIn } from "./route-set.ts";
import { breaks, miss, step, type Trace, title } from "./trace.ts";
import { portOf, type Workload } from "./workloads.ts";

/** The Service that something on the way names. */
export interface ServiceAsk {
  readonly namespace: string;
  readonly name: string;
  readonly port: number | string | undefined;
  /** Who names it, and in which field. */
  readonly from: Resource;
  readonly path: string;
  /** What follows it; a Gateway need not take an ExternalName. */
  readonly by: "ingress" | "gateway" | "proxy";
  readonly share?: number;
}

/**
 * Walks from a Service to what answers behind it: port, target port, pods. Gives the workloads; none where the way ends
 * before, or outside of the cluster.
 */
export function followService(
  model: RoutesModel,
  trace: Trace,
  ask: ServiceAsk,
  depth = 0,
): readonly Workload[] {
  const { namespace, name, port, from, path } = ask;
  const { set, options } = model;
  const service = set.find("", "Service", namespace, name);
  if (service === undefined) {
    const text = `Service ${namespace}/${name} is not in the set`;
    if (options.whole) breaks(trace, "service", text, from, path);
    else miss(trace, "service", text, from, path);
    const ref = { apiVersion: "v1", kind: "Service", namespace, name };
    trace.backends.push({ service: ref, pods: [], ...portField(port), ...shareField(ask) });
    return [];
  }
  step(trace, "service", title(set, service), service);
  const spec = fieldsOf(service.spec);
  if (spec.type === "ExternalName") return followName(model, trace, ask, service, depth);
  const ports = listOf(spec.ports).map(fieldsOf);
  const index = ports.findIndex((p) => (typeof port === "string" ? p.name : p.port) === port);
  const found = ports[index];
  if (found === undefined) {
    trace.backends.push({ service: refIn(set, service), pods: [], ...portField(port), ...shareField(ask) });
    const known = ports.map((p) => `${String(p.port)}${textOf(p.name) === "" ? "" : ` (${textOf(p.name)})`}`);
    const wanted = port === undefined ? "the route names no port" : `it has no port ${JSON.stringify(port)}`;
    const text = `${title(set, service)}: ${wanted}; its ports are ${known.join(", ") || "none"}`;
    breaks(trace, "port", text, service, "spec.ports");
    return [];
  }
  const given = found.targetPort;
  const isTarget = typeof given === "number" || (typeof given === "string" && given !== "");
  const target = isTarget ? given : typeof found.port === "number" ? found.port : 0;
  const protocol = textOf(found.protocol) || "TCP";
  const workloads = behind(model, trace, ask, service, { target, protocol, name: textOf(found.name) });
  trace.backends.push({
    service: refIn(set, service),
    ...portField(port),
    targetPort: target,
    pods: workloads.map(({ resource }) => refIn(set, resource)),
    ...shareField(ask),
  });
  return workloads;
}

interface Target {
  readonly target: number | string;
  readonly protocol: string;
  /** The name of the Service's port. */
  readonly name: string;
}

function behind(
  model: RoutesModel,
  trace: Trace,
  { namespace, name }: ServiceAsk,
  service: Resource,
  { target, protocol, name: portName }: Target,
): readonly Workload[] {
  const { set, options, select, endpoints } = model;
  const spec = fieldsOf(service.spec);
  const selector = fieldsOf(spec.selector);
  const hasSelector = Object.keys(selector).length > 0;
  const selected = select(namespace, selector);
  const toPort = `target port ${target}`;
  if (selected.length === 0) {
    const ready = endpoints(namespace, name, portName);
    if (ready !== undefined && ready > 0) {
      step(trace, "port", toPort, service, "spec.ports");
      step(trace, "workload", `${ready} ready ${ready === 1 ? "endpoint" : "endpoints"}`, service);
    } else if (ready === 0)
      breaks(trace, "workload", `${title(set, service)} has no ready endpoint`, service);
    else if (options.assumeEndpoints?.includes(`${namespace}/${name}`))
      step(trace, "workload", "its pods are taken as given", service, "spec.selector");
    else if (hasSelector && options.whole)
      breaks(trace, "workload", `no pod is behind ${title(set, service)}`, service, "spec.selector");
    else
      miss(
        trace,
        "workload",
        `what is behind ${title(set, service)} is not in the set`,
        service,
        hasSelector ? "spec.selector" : "spec",
      );
    return [];
  }
  // Where pods are in the set, they are what answers, not the workload that made them.
  const pods = selected.filter(({ resource }) => resource.kind === "Pod");
  const running = (pods.length > 0 ? pods : selected).filter(({ replicas }) => replicas > 0);
  if (running.length === 0) {
    const [first] = selected;
    breaks(
      trace,
      "workload",
      `${title(set, first!.resource)} is scaled to 0`,
      first!.resource,
      "spec.replicas",
    );
    return [];
  }
  const serving = running.filter((workload) => portOf(workload, target, protocol) !== undefined);
  if (serving.length === 0) {
    const text = `no container of ${title(set, running[0]!.resource)} declares a port named ${JSON.stringify(target)}`;
    breaks(trace, "port", `${title(set, service)}: ${text}`, service, "spec.ports");
    return [];
  }
  step(trace, "port", toPort, service, "spec.ports");
  const ready = spec.publishNotReadyAddresses === true ? serving : serving.filter(isReady);
  if (ready.length === 0) {
    breaks(
      trace,
      "workload",
      `no pod behind ${title(set, service)} is ready`,
      serving[0]!.resource,
      "status",
    );
    return [];
  }
  for (const { resource } of ready) step(trace, "workload", title(set, resource), resource);
  return ready;
}

/** A pod whose status says that it is not ready gets no requests; workloads, and pods without status, are taken as ready. */
function isReady({ resource }: Workload): boolean {
  if (resource.kind !== "Pod") return true;
  return !listOf(fieldsOf(resource.status).conditions).some((value) => {
    const { type, status } = fieldsOf(value);
    return type === "Ready" && status === "False";
  });
}

const MOST_NAMES = 4;
const SERVICE_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$/;

function followName(
  model: RoutesModel,
  trace: Trace,
  ask: ServiceAsk,
  service: Resource,
  depth: number,
): readonly Workload[] {
  const name = textOf(fieldsOf(service.spec).externalName);
  const inside = SERVICE_NAME.exec(name);
  const path = "spec.externalName";
  const { set } = model;
  if (ask.by === "gateway")
    miss(
      trace,
      "service",
      `${title(set, service)} is an ExternalName, which a Gateway need not take`,
      service,
      path,
    );
  if (inside !== null && depth < MOST_NAMES) {
    const next = { ...ask, namespace: inside[2]!, name: inside[1]!, from: service, path };
    return followService(model, trace, next, depth + 1);
  }
  trace.backends.push({
    service: refIn(set, service),
    ...portField(ask.port),
    pods: [],
    ...(name !== "" && { externalName: name }),
    ...shareField(ask),
  });
  if (name === "" || inside !== null)
    breaks(trace, "service", `${title(set, service)} leads to no host`, service, path);
  else step(trace, "workload", `${name}, outside of the cluster`, service, path);
  return [];
}

function portField(port: number | string | undefined): { readonly port?: number | string } {
  return port === undefined ? {} : { port };
}

function shareField({ share }: ServiceAsk): { readonly share?: number } {
  return share === undefined || share === 1 ? {} : { share };
}
