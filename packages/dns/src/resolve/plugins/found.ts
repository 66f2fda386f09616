import type { ResourceRef } from "@ashlar/core";

/** One thing that a name stands for (CoreDNS's msg.Service). */
export interface Target {
  readonly type: "A" | "AAAA" | "CNAME";
  /** An address, or a host name fully qualified; absent: the cluster chooses the address. */
  readonly host?: string;
  /** -1: none. */
  readonly port: number;
  /** The name of the thing itself, which SRV records point to. */
  readonly owner: string;
}

/** What a backend knows of a name: `missing` is NXDOMAIN, no targets otherwise NODATA. */
export interface Found {
  readonly targets: readonly Target[];
  readonly missing?: boolean;
  /** Nobody can tell, and why. */
  readonly unknown?: string;
  readonly evidence: readonly ResourceRef[];
}

export const MISSING: Found = { targets: [], missing: true, evidence: [] };
export const EMPTY: Found = { targets: [], evidence: [] };

export function unknownTargets(why: string, evidence: readonly ResourceRef[] = []): Found {
  return { targets: [], unknown: why, evidence };
}
