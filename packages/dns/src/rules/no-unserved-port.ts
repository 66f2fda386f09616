import { type Finding, fieldsOf, findingAbout, type Inventory, isRecord, type Rule } from "@ashlar/core";
import { httpListeners } from "../lint/warnings/ports.ts";
import { serversOf } from "./corefiles.ts";
import { records } from "./records.ts";
import { type CorednsWorkload, corednsWorkloads, portNumber } from "./workloads.ts";

const CODE = "dns/no-unserved-port";

/** Probes and Services of CoreDNS at a port where its Corefile lets nothing listen. */
export const noUnservedPort: Rule = {
  code: CODE,
  check: (inventory) =>
    corednsWorkloads(inventory).flatMap((one) => [...probes(one, inventory), ...services(one, inventory)]),
};

/** Ports by plugin, those of DNS under `dns`; `undefined` when parts of the Corefile are not known. */
function listening({ corefile }: CorednsWorkload): Map<string, Set<number>> | undefined {
  const partial = /\{[$%]/.test(corefile.main.text);
  const servers = partial ? undefined : serversOf(corefile);
  if (!servers) return undefined;
  const ports = new Map<string, Set<number>>();
  const add = (what: string, port: string) =>
    ports.set(what, (ports.get(what) ?? new Set()).add(Number(port)));
  for (const server of servers) {
    for (const { port } of server.addresses) add("dns", port);
    for (const { what, port } of httpListeners(server)) add(what, port);
  }
  return ports;
}

function probes(one: CorednsWorkload, { locate }: Inventory): Finding[] {
  const ports = listening(one);
  if (!ports) return [];
  return one.containers.flatMap((container, i) =>
    ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => {
      const get = fieldsOf(fieldsOf(container[probe]).httpGet);
      const plugin = get.path === "/health" ? "health" : get.path === "/ready" ? "ready" : undefined;
      const port = portNumber(get.port, one.containers);
      if (!plugin || port === undefined || ports.get(plugin)?.has(port)) return [];
      const at = [...(ports.get(plugin) ?? [])];
      return findingAbout(one.workload, locate, {
        code: CODE,
        severity: "warning",
        message: `the ${probe} asks ${port}${get.path}, and the Corefile ${at.length > 0 ? `has ${plugin} on port ${at.join(", ")}` : `has no plugin ${plugin}`}`,
        hint: at.length > 0 ? `ask port ${at[0]}` : `write ${plugin} in the Corefile`,
        path: `spec.template.spec.containers[${i}].${probe}.httpGet.port`,
      });
    }),
  );
}

function services(one: CorednsWorkload, { resources, locate }: Inventory): Finding[] {
  const ports = listening(one);
  if (!ports) return [];
  const all = new Set([...ports.values()].flatMap((set) => [...set]));
  return resources.flatMap((service) => {
    const { selector, ports: entries } = fieldsOf(service.spec);
    const sameNamespace = service.metadata?.namespace === one.workload.metadata?.namespace;
    if (service.kind !== "Service" || !sameNamespace || !isRecord(selector)) return [];
    const pairs = Object.entries(selector);
    if (pairs.length === 0 || pairs.some(([key, value]) => one.labels[key] !== value)) return [];
    return records(entries).flatMap((entry, i) => {
      const target = portNumber(entry.targetPort ?? entry.port, one.containers);
      if (target === undefined || all.has(target)) return [];
      return findingAbout(service, locate, {
        code: CODE,
        severity: "warning",
        message: `port ${target} of CoreDNS has nothing that listens: its Corefile serves ${[...all].sort((a, b) => a - b).join(", ")}`,
        hint: "correct targetPort, or give the Corefile a server block or plugin with that port",
        path: `spec.ports[${i}]`,
      });
    });
  });
}
