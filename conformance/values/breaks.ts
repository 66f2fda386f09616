import { parsePath, type Resource } from "@ashlar/core";
import { rightObjects } from "../objects/right-objects.ts";
import { CHANGES } from "./data/changes.ts";
import { CLUSTER_CHANGES } from "./data/cluster-changes.ts";
import { clusterRightObjects } from "./data/cluster-right-objects.ts";
import { DEVICE_CHANGES } from "./data/device-changes.ts";
import { moreRightObjects } from "./data/more-right-objects.ts";
import { SCHEMA_CHANGES } from "./data/schema-changes.ts";
import { SYSTEM_CHANGES } from "./data/system-changes.ts";
import { systemRightObjects } from "./data/system-right-objects.ts";

/** A right object with one field changed by hand. */
export interface Break {
  readonly name: string;
  readonly object: Resource;
}

const BY_NAME = new Map(
  [...rightObjects, ...moreRightObjects, ...clusterRightObjects, ...systemRightObjects].map((o) => [
    `${o.kind}/${o.metadata.name}`,
    o,
  ]),
);

/** Every change above as an object. */
export const breaks: readonly Break[] = [
  ...CHANGES,
  ...CLUSTER_CHANGES,
  ...SYSTEM_CHANGES,
  ...DEVICE_CHANGES,
  ...SCHEMA_CHANGES,
].flatMap(([name, path, values]) =>
  values.map((value) => ({ name: `${name} ${path}: ${short(value)}`, object: changed(name, path, value) })),
);

function changed(name: string, path: string, value: unknown): Resource {
  const object = structuredClone(BY_NAME.get(name));
  if (!object) throw new Error(`there is no right object ${name}`);
  const steps = parsePath(path);
  let holder = object as unknown as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) {
    holder[step] ??= {};
    holder = holder[step] as Record<string, unknown>;
  }
  const last = steps.at(-1)!;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return object;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "removed";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
