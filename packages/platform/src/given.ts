import type { Resource } from "@ashlar/core";

/** What is known of a Service that others make. */
export interface GivenService {
  /** Its port, or ports. */
  readonly port: number | readonly number[];
  /** Labels of the pods behind it. Absent: not known. */
  readonly pods?: Readonly<Record<string, string>>;
}

/**
 * A Service that somebody else makes (helm, mostly), for `given`: read by models, never written.
 *
 * @param name `NAMESPACE/NAME`
 * @example service("default/keycloak-http", { port: 80, pods: { app: "keycloak" } })
 */
export function service(name: string, { port, pods }: GivenService): Resource {
  const [namespace = "", rest] = name.split("/");
  const ports = (typeof port === "number" ? [port] : port).map((one) => ({ name: `port-${one}`, port: one }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: rest === undefined ? { name: namespace } : { namespace, name: rest },
    spec: { ports, ...(pods && { selector: pods }) },
  } as Resource;
}
