import type { Claim } from "@ashlar/core";

/** A Service as a claim names it. */
export interface ClaimService {
  readonly namespace: string;
  readonly name: string;
  /** By number or name; absent: any of its ports. */
  readonly port?: number | string;
}

/** A promise about who answers a URL. */
export interface ServesClaim extends Claim {
  readonly kind: "serves";
  /** `yes`: the Service answers; `no`: it does not; without a Service: nothing is routed there. */
  readonly expect: "yes" | "no";
  readonly url: string;
  readonly service?: ClaimService;
}

/** A promise that nobody gets through without a login. */
export interface RequiresLoginClaim extends Claim {
  readonly kind: "requires-login";
  /** With a path: that one and all below it; without: every path of the host. */
  readonly url: string;
  /** Who passes: exactly these. Absent: no matter who. */
  readonly groups?: readonly string[];
}

/** The claims of this package. */
export type RouteClaim = ServesClaim | RequiresLoginClaim;

/**
 * Makes a claim that a Service answers a URL.
 *
 * @example servesClaim({ by: "apps", url: "https://wiki.strix.kr/", service: { namespace: "default", name: "wiki", port: 80 } }).text
 *   // "https://wiki.strix.kr/ serves default/wiki:80"
 */
export function servesClaim(parts: {
  readonly by: string;
  readonly url: string;
  readonly service: ClaimService;
}): ServesClaim {
  const { by, url, service } = parts;
  return { kind: "serves", expect: "yes", text: `${url} serves ${serviceText(service)}`, by, url, service };
}

/**
 * Makes a claim that a URL demands a login.
 *
 * @param parts.groups who passes; absent: no matter who
 */
export function requiresLoginClaim(parts: {
  readonly by: string;
  readonly url: string;
  readonly groups?: readonly string[];
}): RequiresLoginClaim {
  const { by, url, groups } = parts;
  const of = groups === undefined ? "" : ` of group ${groups.join(", ")}`;
  return { kind: "requires-login", text: `${url} requires login${of}`, by, url, ...(groups && { groups }) };
}

/** `default/wiki:80` */
export function serviceText({ namespace, name, port }: ClaimService): string {
  return `${namespace}/${name}${port === undefined ? "" : `:${port}`}`;
}
