import type { PathSegment } from "../../field-path.ts";
import { isRecord } from "../../json.ts";
import { listOf, textOf } from "./json-values.ts";
import type { Container, PodTemplate } from "./pod-templates.ts";

/** A port that a container declares. */
export interface ContainerPort {
  /** Empty when it has none. */
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
  readonly path: readonly PathSegment[];
}

/** The ports of one container; what is no port is passed over. */
export function containerPorts({ fields, path }: Container): ContainerPort[] {
  return listOf(fields.ports).flatMap((port, i) => {
    if (!isRecord(port) || typeof port.containerPort !== "number") return [];
    const protocol = textOf(port.protocol) || "TCP";
    return [{ name: textOf(port.name), number: port.containerPort, protocol, path: [...path, "ports", i] }];
  });
}

/** The ports of all containers that run while the pod serves: what a Service finds by name (k8s.io/endpointslice FindPort). */
export function declaredPorts(template: PodTemplate): ContainerPort[] {
  return template.containers.filter(({ serves }) => serves).flatMap(containerPorts);
}
