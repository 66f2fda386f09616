import type { Inventory, Resource } from "@ashlar/core";
import { type CorefileTexts, textsOfCorefile } from "./corefile-texts.ts";
import { type Json, record, records } from "./records.ts";

/** A workload that mounts a Corefile. */
export interface CorednsWorkload {
  readonly corefile: CorefileTexts;
  readonly workload: Resource;
  readonly pod: Json;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly containers: readonly Json[];
}

/** Deployments and DaemonSets of the set with a volume of a ConfigMap that has a Corefile. */
export function corednsWorkloads(inventory: Inventory): CorednsWorkload[] {
  const corefiles = textsOfCorefile(inventory);
  return inventory.resources.flatMap((workload) => {
    if (workload.kind !== "Deployment" && workload.kind !== "DaemonSet") return [];
    const template = record(record(workload.spec).template);
    const pod = record(template.spec);
    const names = records(pod.volumes)
      .map((volume) => record(volume.configMap).name)
      .filter((name) => name !== undefined);
    const corefile = corefiles.find(
      ({
        main: {
          resource: { metadata },
        },
      }) => metadata?.namespace === workload.metadata?.namespace && names.includes(metadata?.name),
    );
    if (!corefile) return [];
    return [
      {
        corefile,
        workload,
        pod,
        labels: record(record(template.metadata).labels),
        containers: records(pod.containers),
      },
    ];
  });
}

/** A port by number or by the name of a container's port; `undefined` when no container has the name. */
export function portNumber(port: unknown, containers: readonly Json[]): number | undefined {
  if (typeof port === "number") return port;
  const found = containers
    .flatMap(({ ports }) => records(ports))
    .find(({ name }) => name === port)?.containerPort;
  return typeof found === "number" ? found : undefined;
}
