/** A Corefile to migrate, and where the oracle's answer to it is expected to differ from ours. */
export interface CorefileSample {
  readonly name: string;
  /** The oldest release that takes it. */
  readonly since: string;
  readonly text: string;
  /** Classes of difference that may show; see `differences.ts`. */
  readonly differs?: string;
  /** Targets for which ours refuses it: from the first release on, and before the second. */
  readonly refused?: readonly [from: string, before?: string];
}

/** Kubernetes' default Corefile with further lines, options of kubernetes, and blocks. */
export const cluster = (lines: string, options = "", rest = "") => `.:53 {
    errors
    health
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa${options}
    }
    prometheus :9153
${lines}
    cache 30
    reload
    loadbalance
}
${rest}`;

export const proxy = "    proxy . /etc/resolv.conf";
