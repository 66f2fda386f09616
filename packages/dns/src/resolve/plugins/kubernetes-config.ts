import { meets, type Requirement } from "@ashlar/core";
import { isReverse } from "../addresses.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Stanza } from "../stanzas.ts";
import { selectorOf } from "./selector.ts";
import { fallthroughZones, zonesOf } from "./zones.ts";

/** The kubernetes plugin's options (CoreDNS 1.15.0, plugin/kubernetes/setup.go). */
export interface KubernetesConfig {
  readonly zones: readonly string[];
  /** The first zone that is not of the reverse tree: names in PTR records end in it. */
  readonly primaryZone: string;
  readonly pods: "disabled" | "insecure" | "verified";
  /** Empty: all. */
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceLabels: readonly Requirement[];
  /** Labels that Services, EndpointSlices and Pods must have. */
  readonly labels: readonly Requirement[];
  readonly endpointPodNames: boolean;
  readonly ttl: number;
  readonly fallthrough: readonly string[];
  readonly noEndpoints: boolean;
  readonly ignoreEmptyService: boolean;
  readonly zonal: boolean;
  readonly multicluster: readonly string[];
}

export function kubernetesConfig(
  { args, options }: Stanza,
  serverZones: readonly string[],
): KubernetesConfig {
  const zones = zonesOf(args, serverZones);
  const last = (name: string) => options.findLast((option) => option.name === name)?.args;
  const has = (name: string) => options.some((option) => option.name === name);
  const pods = last("pods")?.[0];
  return {
    zones,
    primaryZone: zones.find((zone) => !isReverse(zone)) ?? ".",
    pods: pods === "insecure" || pods === "verified" ? pods : "disabled",
    namespaces: new Set(options.filter(({ name }) => name === "namespaces").flatMap((option) => option.args)),
    namespaceLabels: selectorOf(last("namespace_labels")),
    labels: selectorOf(last("labels")),
    endpointPodNames: has("endpoint_pod_names"),
    ttl: Number(last("ttl")?.[0] ?? 5),
    fallthrough: fallthroughZones(last("fallthrough")),
    noEndpoints: has("noendpoints"),
    ignoreEmptyService: options.some(
      ({ name, args: words }) => name === "ignore" && words[0] === "empty_service",
    ),
    zonal: has("zonal"),
    multicluster: (last("multicluster") ?? []).flatMap((word) => zonesOf([word], [])),
  };
}

export type Exposure = "exposed" | "hidden" | "unknown";

/** Whether the plugin answers for a namespace: it exists, and the options let it through. */
export function exposureOf(config: KubernetesConfig, { namespaces }: Cluster, namespace: string): Exposure {
  if (config.namespaces.size > 0 && !config.namespaces.has(namespace)) return "hidden";
  const labels = namespaces.get(namespace);
  if (labels === undefined && !namespaces.has(namespace)) return "hidden";
  if (config.namespaceLabels.length === 0) return "exposed";
  if (labels === undefined) return "unknown";
  return config.namespaceLabels.every((requirement) => meets(labels, requirement)) ? "exposed" : "hidden";
}
