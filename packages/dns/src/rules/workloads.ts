import type { Inventory, Resource } from "@ashlar/core";
import { type Fields, fieldsOf } from "@ashlar/core";
import { type CorefileTexts, textsOfCorefile } from "./corefile-texts.ts";
import { records } from "./records.ts";

/** A workload that runs CoreDNS with a Corefile of the set. */
export interface CorednsWorkload {
  readonly corefile: CorefileTexts;
  readonly workload: Resource;
  readonly pod: Fields;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly containers: readonly Fields[];
}

const known = new WeakMap<Inventory, readonly CorednsWorkload[]>();

/**
 * Deployments and DaemonSets of the set that run CoreDNS (by the image, or by `-conf` among the arguments, as NodeLocal DNSCache has
 * it) with a volume of a ConfigMap that has a Corefile.
 */
export function corednsWorkloads(inventory: Inventory): readonly CorednsWorkload[] {
  const before = known.get(inventory);
  if (before) return before;
  const found = findWorkloads(inventory);
  known.set(inventory, found);
  return found;
}

function runsCoreDns({ image, command, args }: Fields): boolean {
  const name = typeof image === "string" ? (image.split("@")[0]?.split("/").at(-1) ?? "") : "";
  const words = [command, args].flatMap((list) => (Array.isArray(list) ? list : []));
  return /^coredns(:|$)/.test(name) || words.some((word) => word === "-conf" || word === "--conf");
}

function findWorkloads(inventory: Inventory): CorednsWorkload[] {
  const corefiles = textsOfCorefile(inventory);
  return inventory.resources.flatMap((workload) => {
    if (workload.kind !== "Deployment" && workload.kind !== "DaemonSet") return [];
    const template = fieldsOf(fieldsOf(workload.spec).template);
    const pod = fieldsOf(template.spec);
    if (!records(pod.containers).some(runsCoreDns)) return [];
    const names = records(pod.volumes)
      .map((volume) => fieldsOf(volume.configMap).name)
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
        labels: fieldsOf(fieldsOf(template.metadata).labels),
        containers: records(pod.containers),
      },
    ];
  });
}

/** A port by number or by the name of a container's port; `undefined` when no container has the name. */
export function portNumber(port: unknown, containers: readonly Fields[]): number | undefined {
  if (typeof port === "number") return port;
  const found = containers
    .flatMap(({ ports }) => records(ports))
    .find(({ name }) => name === port)?.containerPort;
  return typeof found === "number" ? found : undefined;
}
