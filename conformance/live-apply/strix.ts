import { readFileSync } from "node:fs";
import { applyPatches, type Resource, refKey, refOf } from "@ashlar/core";
import type { Platform } from "ashlar";
import type { ControlPlane } from "../components/control-plane.ts";
import { createDefinitions } from "../edge/objects.ts";
import { certManagerSets } from "../real-sets/sets.ts";

/** Where the values of its Secrets come from, as a pipeline gives them. */
export const STRIX_ENV = {
  REGISTRY_PASSWORD: "the puller's password, of the tests",
  KUBERNETES_CLIENT_SECRET: "the client's secret, of the tests",
} as const;

/** The example as it is in the repository. */
export async function strixPlatform(): Promise<Platform> {
  const file = new URL("../../examples/strix/platform.ts", import.meta.url);
  if (!readFileSync(file, "utf8").includes("definePlatform")) throw new Error("the example is no platform");
  return ((await import(file.href)) as { readonly default: Platform }).default;
}

/** What the platform takes as given and whoever made the cluster has put there: the kinds of cert-manager, the edge's settings. */
export async function prepareForStrix(plane: ControlPlane): Promise<void> {
  const definitions = (await certManagerSets()).find(({ name }) => name === "cert-manager CRDs");
  await createDefinitions(plane, definitions!);
  await plane.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "nginx-ingress-controller", namespace: "default" },
    data: { "enable-vts-status": "false" },
  });
}

/** The platform's objects, with what its patches say of them and of those of others. */
export function wantedObjects({ block }: Platform): readonly Resource[] {
  return applyPatches(block.resources, block.patches ?? []).resources;
}

/** The object in the cluster; `undefined` when it is not there. */
export async function liveObject(plane: ControlPlane, object: Resource): Promise<Resource | undefined> {
  const { code, body } = await plane.get(`${await plane.collectionOf(object)}/${object.metadata.name}`);
  return code === 200 ? (body as Resource) : undefined;
}

/** By `refKey`: what of an object changes when anybody writes to it. */
export async function traces(
  plane: ControlPlane,
  objects: readonly Resource[],
): Promise<Map<string, unknown>> {
  const entries = await Promise.all(
    objects.map(async (object) => {
      const live = await liveObject(plane, object);
      return [refKey(refOf(object)), live?.metadata] as const;
    }),
  );
  return new Map(entries);
}
