import type { RouteSettings } from "./app-fields.ts";
import type { Target } from "./target.ts";

/** One host and path, and the Service behind: what Ingress and HTTPRoute objects are made of. */
export interface Exposure extends RouteSettings {
  /** Name of its objects. */
  readonly name: string;
  readonly host: string;
  readonly path: string;
  readonly target: Target;
  /** An auth proxy stands behind the edge: its answers have large cookies. */
  readonly login: boolean;
}

/** The Secret of its certificate, or `undefined` for http alone. */
export function secretOf({ tls, host }: Pick<Exposure, "tls" | "host">): string | undefined {
  if (tls === false) return undefined;
  return tls ?? host.replace("*", "wildcard").replaceAll(".", "-");
}

/** The first exposure of each TLS Secret and namespace asks for the certificate: two requests for one would fight. */
export function firstOfSecrets(
  exposures: readonly Exposure[],
  namespaceOf: (exposure: Exposure) => string,
): ReadonlySet<Exposure> {
  const seen = new Map<string, Exposure>();
  for (const exposure of exposures) {
    const secret = secretOf(exposure);
    const key = `${namespaceOf(exposure)}/${secret}`;
    if (secret !== undefined && !seen.has(key)) seen.set(key, exposure);
  }
  return new Set(seen.values());
}
