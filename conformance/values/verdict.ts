import type { Answer } from "../components/api-client.ts";

/** What the API server says of an object's values. */
export type Verdict =
  | { readonly kind: "accepted" }
  /** Refused by validation: the fields at fault, sorted, each once. */
  | { readonly kind: "refused"; readonly fields: readonly string[] }
  /** Refused by the decoder for the object's structure, quantities that cannot be read among it. */
  | { readonly kind: "structure" }
  /** No request can be made of it: its namespace has a slash in it. */
  | { readonly kind: "no request" }
  /** Refused for what only this cluster knows. */
  | { readonly kind: "cluster"; readonly message: string };

/**
 * What depends on the cluster: addresses of Services outside of its range, families of addresses that it has not, names whose
 * random end is not ours.
 */
const CLUSTER =
  /is not in the valid range|failed to allocate|not configured on this cluster|is not configured for dual-stack/;
/** Privileged containers, which this kube-apiserver allows only with `--allow-privileged`, as every real cluster has it. */
const PRIVILEGED = "disallowed by cluster policy";
/** The range of node ports is known. */
const NODE_PORT = /nodePort: Invalid value: -?\d+: provided port is not in the valid range/;

/** Reads the server's answer. Anything but an acceptance or a refusal of the object itself throws. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.accepted) return { kind: "accepted" };
  const { code, message, details } = answer.status;
  if (code === 422 && CLUSTER.test(message) && !NODE_PORT.test(message)) return { kind: "cluster", message };
  if (code === 422) {
    const causes = (details?.causes ?? []).filter((cause) => !cause.message?.includes(PRIVILEGED));
    if (causes.length === 0) return { kind: "accepted" };
    return { kind: "refused", fields: sorted(causes.map((cause) => named(cause.field))) };
  }
  if (code === 404) return { kind: "no request" };
  if (code === 400) return { kind: "structure" };
  throw new Error(`neither accepted nor refused for what it is: ${JSON.stringify(answer.status)}`);
}

/** For a whole object the server has the empty path, which it prints in two ways. */
function named(field = ""): string {
  return field === "[]" ? "" : field;
}

/** The fields of our problems: sorted, each once. */
export function fieldsOf(problems: readonly { readonly path: string }[]): readonly string[] {
  return sorted(problems.map((problem) => problem.path));
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
