import { readKey } from "../../corefile/keys.ts";
import { isBelow } from "../names.ts";

/** The zones that arguments of a plugin name (`example.test`, `10.0.0.0/8`), or those of the server block when there are none. */
export function zonesOf(args: readonly string[], serverZones: readonly string[]): readonly string[] {
  return args.length === 0 ? serverZones : args.flatMap(normalZones);
}

/** What one word stands for; a word that is no zone is left out, as CoreDNS does. */
export function normalZones(word: string): string[] {
  const read = readKey(word);
  return read.ok ? read.addresses.map((address) => address.zone) : [];
}

/** Zones in which a plugin passes on what it does not find; none without the option. */
export function fallthroughZones(args: readonly string[] | undefined): readonly string[] {
  if (!args) return [];
  return args.length === 0 ? ["."] : args.flatMap(normalZones);
}

/** Whether a name is in any of the zones. */
export function isInAny(zones: readonly string[], name: string): boolean {
  for (const zone of zones) if (isBelow(zone, name)) return true;
  return false;
}
