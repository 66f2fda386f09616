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

/** Files whose objects are there and are read, never written; made by `yaml`. */
export interface GivenFiles {
  readonly type: "ashlar/yaml";
  /** A path, or a pattern with `*` and `**`, relative to the folder of the platform file. */
  readonly files: string;
}

/**
 * Objects in files of YAML or JSON that somebody else makes (rendered charts, mostly), for `given`: read by models, never written. The
 * command line reads them when it loads the platform file; scripts call `readPlatform` of `ashlar/files`. Values of Secrets are left out.
 *
 * @param files a path, or a pattern with `*` and `**`, relative to the folder of the platform file
 * @example yaml("charts/*.yaml")
 */
export function yaml(files: string): GivenFiles {
  return { type: "ashlar/yaml", files };
}

/** Whether an entry of `given` stands for files. */
export function isGivenFiles(value: unknown): value is GivenFiles {
  return typeof value === "object" && value !== null && (value as { type?: unknown }).type === "ashlar/yaml";
}
