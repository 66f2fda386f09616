import { readYaml, writeYaml } from "@ashlar/core";
import { check } from "ashlar/check";
import { ApiObject, App, Chart } from "cdk8s";
import { dump, loadAll } from "js-yaml";
import { parseAllDocuments, stringify } from "yaml";
import { buildObjects } from "./objects.ts";
import { count, ratio, type Section, seconds, table, timeOnce, timeWarm } from "./section.ts";

const OBJECTS = 10_000;
const ROUNDS = 3;

interface Peer {
  readonly name: string;
  readonly work: () => unknown;
  /** How many times as long as ours it has to take; of a floor: how many times as long ours may take. */
  readonly target?: number;
  readonly isFloor?: boolean;
  /** Slow peers are run once. */
  readonly once?: boolean;
}

/** As its users write it: a chart for each tenant, and the app's own YAML. */
const cdk8s = (): string => {
  const app = new App();
  const charts = new Map<string, Chart>();
  buildObjects(OBJECTS).forEach((object, i) => {
    const name = object.metadata.namespace ?? object.metadata.name;
    const chart = charts.get(name) ?? new Chart(app, name);
    charts.set(name, chart);
    new ApiObject(chart, `o${i}`, object as never);
  });
  return app.synthYaml();
};

const WRITERS: readonly Peer[] = [
  {
    name: "yaml",
    work: () =>
      buildObjects(OBJECTS)
        .map((o) => stringify(o))
        .join("---\n"),
    target: 10,
    once: true,
  },
  {
    name: "js-yaml",
    work: () =>
      buildObjects(OBJECTS)
        .map((o) => dump(o))
        .join("---\n"),
    target: 4,
  },
  { name: "cdk8s", work: cdk8s, target: 50, once: true },
  {
    name: "JSON.stringify (floor)",
    work: () =>
      buildObjects(OBJECTS)
        .map((o) => JSON.stringify(o))
        .join("\n"),
    target: 5,
    isFloor: true,
  },
];

/** Building and writing manifests, and reading them, against the libraries that others use. */
export async function benchYaml(): Promise<Section> {
  const failures: string[] = [];
  const ours = () => writeYaml(buildObjects(OBJECTS));
  const best = new Map<string, number>();
  const note = (name: string, time: number) =>
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, time));
  for (let round = 0; round < ROUNDS; round++) {
    for (const time of timeWarm(5, ours)) note("ashlar", time);
    for (const { name, work, once } of WRITERS) {
      if (once) note(name, timeOnce(work));
      else for (const time of timeWarm(3, work)) note(name, time);
    }
  }
  const own = best.get("ashlar")!;
  const writing = WRITERS.map(({ name, target, isFloor }) => {
    const time = best.get(name)!;
    const factor = isFloor ? own / time : time / own;
    if (target !== undefined && (isFloor ? factor > target : factor < target))
      failures.push(`writing: ${name} ${factor.toFixed(1)}×, target ${isFloor ? "≤" : "≥"} ${target}×`);
    return [
      name,
      seconds(time),
      isFloor ? `ours takes ${factor.toFixed(1)}×` : ratio(time, own),
      `${isFloor ? "≤" : "≥"} ${target}×`,
    ];
  });
  return {
    title: "Building, writing and reading manifests",
    text: [
      `Building ${count(OBJECTS)} objects as plain data (400 tenants of 25) and writing them as YAML; best of ${ROUNDS} rounds in which all take turns.`,
      "",
      table(["writer", "time", "ratio", "target"], [["**ashlar**", seconds(own), "1", ""], ...writing]),
      "",
      ...readingTable(failures),
      "",
      ...checkingTable(failures),
    ].join("\n"),
    failures,
  };
}

/** The peers are too slow for the whole dump: they read a part, and their time for all of it is in proportion. */
function readingTable(failures: string[]): string[] {
  const list = (objects: unknown[]) => writeYaml([{ apiVersion: "v1", kind: "List", items: objects }]);
  const part = list(buildObjects(1000));
  const copies = Math.ceil((50 * 2 ** 20) / part.length);
  const whole = list(Array.from({ length: copies }, () => buildObjects(1000)).flat());
  const json = JSON.stringify(buildObjects(1000 * copies));
  const megabytes = whole.length / 2 ** 20;
  const scaled = (time: number) => time * (whole.length / part.length);
  const own = timeOnce(() => {
    const { resources, findings } = readYaml(whole, { file: "dump.yaml" });
    if (findings.length > 0 || resources.length !== copies * buildObjects(1000).length)
      failures.push("reading: the dump is not read whole");
  });
  const ownJson = timeOnce(() =>
    readYaml(`{"apiVersion":"v1","kind":"List","items":${json}}`, { file: "dump.json" }),
  );
  const jsYaml = scaled(Math.min(...timeWarm(3, () => loadAll(part))));
  const yaml = scaled(timeOnce(() => parseAllDocuments(part).map((d) => d.toJS())));
  if (own > 30) failures.push(`reading: ${seconds(own)} for ${megabytes.toFixed(0)} MB is not "seconds"`);
  return [
    `Reading a dump as \`kubectl get -A -o yaml\` gives it (${megabytes.toFixed(0)} MB, one List). Ours reads all of it as kubectl does, checks it and`,
    "keeps what places need; the peers read a part of it, their time is in proportion.",
    "",
    table(
      ["reader", "time", "ratio"],
      [
        ["**ashlar**, YAML", seconds(own), "1"],
        [
          `**ashlar**, JSON (${(json.length / 2 ** 20).toFixed(0)} MB)`,
          seconds(ownJson),
          ratio(ownJson, own),
        ],
        ["js-yaml", seconds(jsYaml), ratio(jsYaml, own)],
        ["yaml", seconds(yaml), ratio(yaml, own)],
      ],
    ),
  ];
}

/** All rules over objects that are already read, against what js-yaml takes to read them. */
function checkingTable(failures: string[]): string[] {
  const resources = buildObjects(OBJECTS);
  const text = writeYaml(resources);
  let [own, reading] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    own = Math.min(own, ...timeWarm(3, () => check({ resources })));
    reading = Math.min(reading, ...timeWarm(3, () => loadAll(text)));
  }
  const { summary } = check({ resources });
  if (own > reading) failures.push(`checking: ${seconds(own)}, js-yaml reads in ${seconds(reading)}`);
  return [
    `Checking these ${count(OBJECTS)} objects with every rule (${summary.errors} errors, ${summary.warnings} warnings), and what js-yaml takes to read them.`,
    "",
    table(
      ["what", "time", "ratio", "target"],
      [
        ["**ashlar** checks", seconds(own), "1", "faster than js-yaml reads"],
        ["js-yaml reads", seconds(reading), ratio(reading, own), ""],
      ],
    ),
  ];
}
