import { type Labels, type ResourceRef, readYaml } from "@ashlar/core";
import { type AuthProxy, authProxyOf } from "./auth-proxy.ts";
import { type Fields, fieldsOf, listOf, own, textOf, textsOf } from "./fields.ts";
import type { RoutesModel } from "./model.ts";
import { refIn } from "./route-set.ts";

/** A Service that an auth proxy of the set passes requests on to. */
export interface ProxyUpstream {
  readonly workload: ResourceRef;
  /** The image's own name: `oauth2-proxy`, `keycloak-proxy`. */
  readonly proxy: string;
  /** Labels of its pods. */
  readonly labels: Labels;
  /** Field path of the proxy's container. */
  readonly path: string;
  /** `namespace/name` */
  readonly service: string;
  readonly port: number;
}

/**
 * The Services behind every auth proxy of the set, as far as its flags, its variables and the ConfigMaps that it reads say. Upstreams in
 * the same pod, outside of the cluster, files and fixed answers are none.
 *
 * @example proxyUpstreams(routesModel(resources)).map(({ service }) => service)
 */
export function proxyUpstreams(model: RoutesModel): ProxyUpstream[] {
  return model.workloads.flatMap((workload) => {
    const proxy = authProxyOf(workload);
    if (proxy === undefined) return [];
    const found = new Map<string, ProxyUpstream>();
    for (const url of upstreamUrls(model, proxy)) {
      const target = upstreamTarget(url, workload.namespace);
      if (target?.service === undefined) continue;
      const service = `${target.service.namespace}/${target.service.name}`;
      found.set(`${service}:${target.port}`, {
        workload: refIn(model.set, workload.resource),
        proxy: proxy.name,
        labels: textFields(workload.labels),
        path: proxy.path,
        service,
        port: target.port,
      });
    }
    return [...found.values()];
  });
}

function textFields(fields: Fields): Labels {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** An upstream that is spoken to by http or https. */
export interface UpstreamTarget {
  readonly host: string;
  readonly port: number;
  /** The Service that the host means inside of the cluster; absent: a host outside. */
  readonly service?: { readonly namespace: string; readonly name: string };
}

/** Reads the URL of an upstream; `undefined`: it is no http or https URL. */
export function upstreamTarget(url: string, ownNamespace: string): UpstreamTarget | undefined {
  const match = /^(https?):\/\/([a-zA-Z0-9.-]+)(?::([0-9]{1,5}))?(?:[/?#]|$)/i.exec(url);
  if (match === null) return undefined;
  const [, scheme = "", hostText = "", portText] = match;
  const port = portText === undefined ? (scheme.toLowerCase() === "https" ? 443 : 80) : Number(portText);
  const host = hostText.toLowerCase();
  const service = isLocal(host) ? undefined : serviceOf(host, ownNamespace);
  return { host, port, ...(service && { service }) };
}

/** Whether a host name means the pod itself. */
export function isLocal(host: string): boolean {
  return host === "localhost" || host.startsWith("127.");
}

function serviceOf(host: string, ownNamespace: string): UpstreamTarget["service"] {
  const labels = host.replace(/\.$/, "").split(".");
  const [name = "", namespace = ownNamespace, svc = "svc", ...rest] = labels;
  const isInside = svc === "svc" && (rest.length === 0 || rest.join(".") === "cluster.local");
  return isInside ? { name, namespace } : undefined;
}

/** The URLs of a proxy's flags and variables. */
export function flagUpstreams({ flavour, option }: AuthProxy): string[] {
  if (flavour === "gatekeeper") return option("upstream-url", "PROXY_UPSTREAM_URL").slice(-1);
  return [...option("upstream", "OAUTH2_PROXY_UPSTREAMS"), ...option("upstreams")].flatMap(commaSeparated);
}

function commaSeparated(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Flags, else variables, else files: as the proxies rank them. */
function upstreamUrls(model: RoutesModel, proxy: AuthProxy): string[] {
  const flags = flagUpstreams(proxy);
  if (flags.length > 0) return flags;
  const variable = proxy.flavour === "oauth2-proxy" ? "OAUTH2_PROXY_UPSTREAMS" : "PROXY_UPSTREAM_URL";
  const given = configMapVariable(model, proxy, variable);
  if (given !== undefined) return proxy.flavour === "oauth2-proxy" ? commaSeparated(given) : [given];
  const files = [...proxy.option("config", "PROXY_CONFIG_FILE"), ...proxy.option("alpha-config")];
  return files.flatMap((path) => {
    const text = mountedText(model, proxy, path);
    return text === undefined ? [] : configUpstreams(text, path);
  });
}

/** A variable that a ConfigMap of the set gives. */
function configMapVariable({ set }: RoutesModel, proxy: AuthProxy, name: string): string | undefined {
  const { namespace } = proxy.workload;
  const value = (map: unknown, key: string) => {
    const found = set.find("", "ConfigMap", namespace, textOf(map));
    const text = found && own(fieldsOf(found.data), key);
    return typeof text === "string" ? text : undefined;
  };
  const container = containerOf(proxy);
  const entry = listOf(container.env)
    .map(fieldsOf)
    .find((one) => one.name === name);
  const ref = fieldsOf(fieldsOf(entry?.valueFrom).configMapKeyRef);
  if (entry !== undefined) return value(ref.name, textOf(ref.key));
  return listOf(container.envFrom)
    .map(fieldsOf)
    .map((from) => {
      const prefix = textOf(from.prefix);
      if (!name.startsWith(prefix)) return undefined;
      return value(fieldsOf(from.configMapRef).name, name.slice(prefix.length));
    })
    .findLast((text) => text !== undefined);
}

/** The text of a file that a ConfigMap of the set puts into the proxy's container. */
function mountedText({ set }: RoutesModel, proxy: AuthProxy, path: string): string | undefined {
  const { spec, namespace } = proxy.workload;
  for (const mount of listOf(containerOf(proxy).volumeMounts).map(fieldsOf)) {
    const base = textOf(mount.mountPath).replace(/\/+$/, "");
    const subPath = textOf(mount.subPath);
    const isFile = subPath !== "" && path === base;
    if (!isFile && (subPath !== "" || !path.startsWith(`${base}/`))) continue;
    const volume = listOf(spec.volumes)
      .map(fieldsOf)
      .find(({ name }) => name === mount.name);
    const source = fieldsOf(volume?.configMap);
    const map = set.find("", "ConfigMap", namespace, textOf(source.name));
    const file = isFile ? subPath : path.slice(base.length + 1);
    const item = listOf(source.items)
      .map(fieldsOf)
      .find((one) => one.path === file);
    const text = map && own(fieldsOf(map.data), item === undefined ? file : textOf(item.key));
    if (typeof text === "string") return text;
  }
  return undefined;
}

function containerOf({ workload, path }: AuthProxy) {
  return fieldsOf(listOf(workload.spec.containers)[Number(/\[(\d+)\]$/.exec(path)?.[1])]);
}

/**
 * The upstreams of a file: of oauth2-proxy the TOML `upstreams = ["…"]` or the `upstreamConfig` of its alpha options, of the others
 * `upstream-url` in YAML or JSON.
 */
function configUpstreams(text: string, path: string): string[] {
  if (!/\.(ya?ml|json)$/i.test(path)) {
    const toml = text.replace(/^\s*#.*$/gm, "");
    const value = /^\s*upstreams\s*=\s*(\[[^\]]*\]|"[^"\n]*"|'[^'\n]*')/m.exec(toml)?.[1];
    if (value !== undefined)
      return [...value.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].flatMap((m) =>
        commaSeparated(m[1] ?? m[2] ?? ""),
      );
  }
  const { others } = readYaml(text, { file: path, isOther: () => true });
  return others.flatMap(({ value }) => {
    const { upstreamConfig, upstreams, ...rest } = fieldsOf(value);
    const alpha = [...listOf(fieldsOf(upstreamConfig).upstreams), ...listOf(upstreams)];
    return [...textsOf([rest["upstream-url"]]), ...textsOf(alpha.map((one) => fieldsOf(one).uri))];
  });
}
