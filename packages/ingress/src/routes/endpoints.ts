import type { Resource } from "@ashlar/core";
import { fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import { labelsOf, type RouteSet } from "./route-set.ts";

/**
 * How many addresses are ready behind a port (by its name) of a Service; `undefined`: the set has no EndpointSlice and no
 * Endpoints of it.
 */
export type ReadyEndpoints = (namespace: string, service: string, portName: string) => number | undefined;

/** Indexes the EndpointSlices of a set by their Service. */
export function readyEndpoints(set: RouteSet): ReadyEndpoints {
  const slices = new Map<string, Resource[]>();
  for (const slice of set.all("discovery.k8s.io", "EndpointSlice")) {
    const service = textOf(labelsOf(slice.metadata)["kubernetes.io/service-name"]);
    const key = `${set.namespaceOf(slice)}/${service}`;
    const list = slices.get(key);
    if (list) list.push(slice);
    else slices.set(key, [slice]);
  }
  return (namespace, service, portName) => {
    const own = slices.get(`${namespace}/${service}`);
    if (own !== undefined) return own.reduce((sum, slice) => sum + readyInSlice(slice, portName), 0);
    const old = set.find("", "Endpoints", namespace, service);
    if (old === undefined) return undefined;
    return listOf(old.subsets).reduce((sum: number, value) => {
      const { addresses, ports } = fieldsOf(value);
      return hasPort(ports, portName) ? sum + listOf(addresses).length : sum;
    }, 0);
  };
}

function readyInSlice(slice: Resource, portName: string): number {
  if (!hasPort(slice.ports, portName)) return 0;
  return listOf(slice.endpoints).reduce((sum: number, value) => {
    const { addresses, conditions } = fieldsOf(value);
    return fieldsOf(conditions).ready === false ? sum : sum + textsOf(addresses).length;
  }, 0);
}

function hasPort(ports: unknown, name: string): boolean {
  return listOf(ports).some((port) => textOf(fieldsOf(port).name) === name);
}
