import { registries } from "@ashlar/registry/blocks";
import type { ParsedPlatform } from "./intent.ts";
import type { Part } from "./part.ts";

/** The block behind `registries`. */
export function registryParts(intent: ParsedPlatform): Part[] {
  if (Object.keys(intent.registries).length === 0) return [];
  return [{ built: registries.safe(intent.registries), path: (path) => `registries.${path}` }];
}
