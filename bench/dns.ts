import type { Resource } from "@ashlar/core";
import { dnsModel, resolveName } from "@ashlar/dns";
import { count, type Section, seconds, table } from "./section.ts";

const SERVICES = 10_000;
const ROUNDS = 20;
const TARGET_RATE = 1_000_000;
/** Time for a model of ten times as many Services, in tens: 1 is linear. */
const MOST_GROWTH = 1.6;

const NAMESPACES = 100;
/** How many questions each kind has: its names, round and round. */
const QUESTIONS = 10_000;

/** Who answers a name: names a second from one model, and how its making grows. */
export async function benchDns(): Promise<Section> {
  const resources = services(SERVICES);
  const model = dnsModel(resources);
  const asked = [
    { what: "cluster IPs", names: resources.map(nameOf), type: "A", target: TARGET_RATE },
    { what: "SRV records", names: resources.map(nameOf), type: "SRV" },
    { what: "names that do not exist", names: resources.map((one) => `no-${nameOf(one)}`), type: "A" },
    { what: "names of other servers", names: resources.map((_, i) => `host-${i}.example.test.`), type: "A" },
    {
      what: "a search list of five",
      names: resources.map((one) => one.metadata.name),
      type: "A",
      from: "ns-7",
    },
  ];
  const failures: string[] = [];
  const rows = asked.map(({ what, names, type, target, from }) => {
    const options = { type, ...(from !== undefined && { fromNamespace: from }) };
    const rate = bestRate(() => {
      for (const name of names) resolveName(model, name, options);
    });
    if (target !== undefined && rate < target)
      failures.push(`${what}: ${count(rate)} names a second, not ${count(target)}`);
    return [what, count(rate), target === undefined ? "" : count(target)];
  });
  const answers = resources.filter(
    (one) => resolveName(model, nameOf(one)).records[0]?.data === ipOf(one),
  ).length;
  if (answers !== SERVICES) failures.push(`${SERVICES - answers} of ${SERVICES} names have a wrong answer`);

  const sizes = [SERVICES, 10 * SERVICES].map((size) => {
    const set = services(size);
    const times = Array.from({ length: 5 }, () => cpuOf(() => dnsModel(set)));
    return { size, time: Math.min(...times) };
  });
  const growth = sizes[1]!.time / sizes[0]!.time / 10;
  if (growth > MOST_GROWTH)
    failures.push(`ten times the Services take ${(10 * growth).toFixed(1)} times as long to read`);
  return {
    title: "Who answers a name",
    text: [
      `A model of ${count(SERVICES)} Services in ${NAMESPACES} namespaces behind kubeadm's Corefile, each name asked ${ROUNDS} times. What a`,
      "Service's name stands for is kept once it was asked for; the answer is made each time. Rates are of one thread's processor time, the best round; every address is compared with the Service's.",
      "",
      table(["what", "names a second", "target"], rows),
      "",
      `Making a model takes ${sizes.map(({ size, time }) => `${seconds(time)} for ${count(size)} Services`).join(" and ")}: ${growth.toFixed(2)} times`,
      "what linear growth would give.",
    ].join("\n"),
    failures,
  };
}

function bestRate(work: () => void): number {
  return QUESTIONS / Math.min(...Array.from({ length: ROUNDS }, () => cpuOf(work)));
}

/** Processor time of this process, in seconds. */
function cpuOf(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function services(many: number): Resource[] {
  return Array.from({ length: many }, (_, i) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `web-${i}`, namespace: `ns-${i % NAMESPACES}` },
    spec: {
      clusterIP: `10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
      ports: [{ name: "http", protocol: "TCP", port: 80 }],
    },
  }));
}

function nameOf({ metadata }: Resource): string {
  return `${metadata.name}.${metadata.namespace}.svc.cluster.local.`;
}

function ipOf({ spec }: Resource): string {
  return (spec as { clusterIP: string }).clusterIP;
}
