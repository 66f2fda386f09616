import type { Resource } from "../resource.ts";
import { fieldsOf, listOf } from "../rules/references/json-values.ts";

/**
 * What a dry run tells of a Service, without addresses and ports that the cluster has yet to choose. A dry run reserves none: it
 * names the first address of the range, the same one for each Service, and ports that may be taken.
 *
 * @param known what is sent, and what is there: what these say is true
 */
export function withoutAllocated(told: Resource, known: readonly Resource[]): Resource {
  if (told.kind !== "Service" || told.apiVersion !== "v1") return told;
  const specs = known.map((one) => fieldsOf(one.spec));
  const spec = { ...fieldsOf(told.spec) };
  if (!specs.some((one) => one.clusterIP === spec.clusterIP)) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (!specs.some((one) => one.healthCheckNodePort === spec.healthCheckNodePort))
    delete spec.healthCheckNodePort;
  const ports = specs.flatMap((one) => listOf(one.ports).map((port) => fieldsOf(port).nodePort));
  if (spec.ports !== undefined)
    spec.ports = listOf(spec.ports).map((port) => {
      const { nodePort, ...rest } = fieldsOf(port);
      return nodePort === undefined || ports.includes(nodePort) ? port : rest;
    });
  return { ...told, spec } as Resource;
}
