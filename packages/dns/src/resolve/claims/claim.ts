import type { Claim } from "@ashlar/core";

/** A promise about who answers a name. */
export interface ResolvesClaim extends Claim {
  readonly kind: "resolves";
  /**
   * `resolves`: the name has an address. `to`: it has that address, or is another name of that one. `nothing`: it has no address.
   * `forwarded`: the zone, and any name in it, is asked of that server.
   */
  readonly expect: "resolves" | "to" | "nothing" | "forwarded";
  readonly name: string;
  /** The address, name or server. */
  readonly target?: string;
  /** Asks as a pod of the namespace does. */
  readonly fromNamespace?: string;
  /** Asks as this pod does: `NAMESPACE/POD`. */
  readonly fromPod?: string;
}
