import type { Claim } from "@ashlar/core";
import type { Cluster } from "@ashlar/core/live";
import type { ObjectSet } from "../../check.ts";
import type { Platform } from "../../define-platform.ts";
import type { VerifyAnswer } from "./answer.ts";
import type { NamespacePods } from "./pods.ts";

/** The kinds of questions, by the words of `--only`. */
export const VERIFY_KINDS = ["access", "network", "dns", "hosts", "pulls", "identity"] as const;
export type VerifyKind = (typeof VERIFY_KINDS)[number];

/** What a platform with `oidc` is asked beside its claims. */
export function issuerClaim({ oidc }: Platform): Claim | undefined {
  return oidc && { kind: "identity", text: `${oidc.issuer} issues tokens for the API server`, by: "oidc" };
}

/** An address outside of the cluster at which something listens. */
export interface OutsideAddress {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
}

/** What a host is reached at, whatever its name resolves to; as curl's `--resolve`. */
export interface Resolve {
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

/** How pods are made to probe. */
export interface ProbeOptions {
  /** How many commands run in pods at once. Default: 4. */
  readonly parallel?: number;
  /** Milliseconds between the starts of two commands: kernels limit how many refusals they send. Default: 200. */
  readonly pauseMilliseconds?: number;
  /** How long a connection is waited for. Default: 3. */
  readonly timeoutSeconds?: number;
  /** The most ways, from a pod to a port, that one claim is asked of. Default: 24. */
  readonly most?: number;
}

/** How URLs are asked, from where this program runs. */
export interface HostOptions {
  readonly resolve?: readonly Resolve[];
  /** PEM of authorities to trust besides the system's. */
  readonly certificateAuthority?: string;
  /** Longest wait for one answer. Default: 10. */
  readonly timeoutSeconds?: number;
}

export interface VerifyOptions {
  /** What is asked. Default: every kind. */
  readonly only?: readonly VerifyKind[];
  /** Told of each answer when it is there, in any order. */
  readonly onAnswer?: (
    answer: VerifyAnswer,
    progress: { readonly number: number; readonly of: number },
  ) => void;
  /** Ends it; nothing that is asked changes the cluster. */
  readonly signal?: AbortSignal;
  readonly probes?: ProbeOptions;
  readonly hosts?: HostOptions;
  /** Where claims about addresses outside of the cluster are tried. Default: nowhere but what a claim names itself. */
  readonly outside?: readonly OutsideAddress[];
  /**
   * Asks registries too, whether they take the pull secrets and have the image: sends the cluster's credentials to the registries that
   * they are for. Default: no.
   */
  readonly askRegistries?: boolean;
}

/** What answers are made from. */
export interface Asking {
  readonly platform: Platform;
  readonly set: ObjectSet;
  readonly cluster: Cluster;
  readonly options: VerifyOptions;
  /** The pods of a namespace; read once. */
  readonly podsOf: (namespace: string) => Promise<NamespacePods>;
  /** Waits for its turn to run a command in a pod. */
  readonly paced: <T>(work: () => Promise<T>) => Promise<T>;
}
