import { reverseZones } from "../corefile/reverse-zones.ts";

/** Reports a problem at a path of the intent. */
export type Report = (path: PropertyKey[], message: string, hint: string) => void;

/** A name server as an intent writes it. */
export interface NameServer {
  readonly transport: "dns" | "tls";
  readonly address: string;
  readonly port?: number;
}

/** A value for a message: without what may be a password before an @, and not longer than a line. */
export function shown(text: string): string {
  const bare = text.replace(/^.*@/s, "…@");
  return JSON.stringify(bare.length > 80 ? `${bare.slice(0, 80)}…` : bare);
}

/** Whether a text is an IPv4 or IPv6 address as Go reads it: no leading zeros, no zone. */
export function isAddress(text: string): boolean {
  return reverseZones(`${text}/${text.includes(":") ? 128 : 32}`) !== undefined;
}

/**
 * Reads `10.0.0.2`, `10.0.0.2:5353`, `2001:db8::1`, `[2001:db8::1]:5353`, and the same after `tls://`.
 *
 * @returns `undefined` for everything else, host names and other schemes among it
 */
export function readNameServer(text: string): NameServer | undefined {
  const transport = text.startsWith("tls://") ? "tls" : "dns";
  const rest = transport === "tls" ? text.slice("tls://".length) : text;
  if (isAddress(rest)) return { transport, address: rest };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([1-9][0-9]{0,4}))?$/.exec(rest);
  if (!match) return undefined;
  const [, bracketed, plain, digits] = match;
  const address = bracketed ?? plain!;
  if (!isAddress(address) || address.includes(":") !== (bracketed !== undefined)) return undefined;
  if (digits === undefined) return { transport, address };
  const port = Number(digits);
  return port <= 65535 ? { transport, address, port } : undefined;
}

/** Whether asking this address from CoreDNS's own pod leads back to CoreDNS, or nowhere. */
export function isOwnAddress(address: string): boolean {
  if (!address.includes(":")) return /^(?:127|0)\./.test(address);
  const zone = reverseZones(`${address}/128`)![0]!;
  const [first = "", ...others] = zone.slice(0, -".ip6.arpa.".length).split(".");
  if (others.every((digit) => digit === "0")) return first === "0" || first === "1";
  const mapped = others.slice(7).join("") === `ffff${"0".repeat(20)}`;
  return mapped && (zone.startsWith("f.7", 12) || zone.startsWith("0.0", 12));
}

const LABEL = /^[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?$/;

/** Why a text is no domain name of lower-case letters; a dot at its end is taken. `undefined`: it is one. */
export function domainProblem(text: string): string | undefined {
  const name = withoutDot(text);
  if (name === "") return "the name is empty";
  if (name.length > 253) return "the name is longer than 253 characters";
  const bad = name.split(".").find((label) => !LABEL.test(label));
  if (bad === undefined) return undefined;
  if (bad === "") return "the name has an empty label";
  if (bad.length > 63) return `the label ${shown(bad)} is longer than 63 characters`;
  return `the label ${shown(bad)} is not of a-z, 0-9, - and _`;
}

/** A name without the dot at its end. */
export function withoutDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** Whether `name` is `zone` or below it; both without the dot at the end. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/**
 * Zones of the reverse tree from one entry of `reverseZones`: a zone as it is, a block of addresses as its zones.
 *
 * @returns `undefined` for what is neither
 */
export function readReverseZone(text: string): readonly string[] | undefined {
  if (text.includes("/")) return reverseZones(text)?.map(withoutDot);
  const name = withoutDot(text);
  const isReverse = isWithin(name, "in-addr.arpa") || isWithin(name, "ip6.arpa");
  return isReverse && domainProblem(name) === undefined ? [name] : undefined;
}
