import type { Endpoint, Protocol } from "@ashlar/network-policy";
import { UsageError } from "./io.ts";

/** One end of a question as typed: `dev/busybox:80`, `10.0.0.7:53/UDP`, `[2001:db8::7]:443`, `node/ip-10-0-0-1`. */
export interface TypedEndpoint {
  readonly endpoint: Endpoint;
  readonly port?: number | string;
  readonly protocol?: Protocol;
}

const PORT = /:([A-Za-z0-9-]+)(?:\/(TCP|UDP|SCTP))?$/i;

/** @throws {UsageError} when the text is no endpoint */
export function readEndpoint(text: string): TypedEndpoint {
  const isBareV6 = /^[0-9a-fA-F:.]+$/.test(text) && text.split(":").length > 2;
  const match = isBareV6 ? null : PORT.exec(text);
  const name = match ? text.slice(0, match.index) : text;
  const port = match?.[1] === undefined ? undefined : /^\d+$/.test(match[1]) ? Number(match[1]) : match[1];
  if (typeof port === "number" && (port < 1 || port > 65535))
    throw new UsageError(`"${text}": port ${port} is out of range`, "ports go from 1 to 65535");
  return {
    endpoint: endpointOf(name, text),
    ...(port !== undefined && { port }),
    ...(match?.[2] && { protocol: match[2].toUpperCase() as Protocol }),
  };
}

function endpointOf(name: string, text: string): Endpoint {
  const bracketed = /^\[([0-9a-fA-F:.]+)\]$/.exec(name);
  if (bracketed?.[1] !== undefined) return { ip: bracketed[1] };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name) || /^[0-9a-fA-F]*:[0-9a-fA-F:.]*$/.test(name)) return { ip: name };
  const parts = name.split("/");
  if (parts.length === 2 && parts[0] === "node") return { node: parts[1] as string };
  if (parts.length < 2 || parts.length > 3 || parts.some((p) => p === ""))
    throw new UsageError(`"${text}" is no endpoint`, "write NAMESPACE/NAME, an address, or node/NAME");
  return name;
}
