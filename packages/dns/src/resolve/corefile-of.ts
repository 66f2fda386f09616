import type { Locate, Place, Resource, ResourceRef } from "@ashlar/core";
import { refOf } from "@ashlar/core";
import { asFields, asText } from "./cluster/fields.ts";

/** A Corefile with what it is read in. */
export interface FoundCorefile {
  readonly text: string;
  /** Texts by path, as CoreDNS finds them beside it. */
  readonly files: Readonly<Record<string, string>>;
  /** The ConfigMap that holds it; absent: it was given, or is the stock one. */
  readonly subject?: ResourceRef;
  /** Nobody gave one: this is what kubeadm writes. */
  readonly isStock?: boolean;
  /** Where a place of the text stands in the file that the ConfigMap came from. */
  readonly place?: (inner: Place) => Place;
}

/** The folder that the ConfigMap is mounted at. */
export const COREFILE_FOLDER = "/etc/coredns";

/** The Corefile of kubeadm 1.36, for clusters that say nothing. */
function stockCorefile(clusterDomain: string): string {
  return `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;
}

/**
 * The Corefile of a set: of ConfigMap kube-system/coredns, with the keys beside it and those of coredns-custom (below `custom`, as AKS
 * mounts them) as files; else of the only ConfigMap that holds one; else kubeadm's.
 */
export function corefileOf(
  resources: readonly Resource[],
  clusterDomain: string,
  locate?: Locate,
): FoundCorefile {
  const maps = resources.filter(
    (resource) => resource.kind === "ConfigMap" && asText(asFields(resource.data)?.Corefile) !== "",
  );
  const named = (resource: Resource, name: string) =>
    asFields(resource.metadata)?.name === name && asFields(resource.metadata)?.namespace === "kube-system";
  const map = maps.find((one) => named(one, "coredns")) ?? (maps.length === 1 ? maps[0] : undefined);
  if (!map) return { text: stockCorefile(clusterDomain), files: {}, isStock: true };
  const custom = resources.find((one) => one.kind === "ConfigMap" && named(one, "coredns-custom"));
  const text = asText(asFields(map.data)?.Corefile);
  const place = locate && placeIn(map, text, locate);
  return {
    text,
    files: { ...filesOf(map, COREFILE_FOLDER), ...(custom && filesOf(custom, `${COREFILE_FOLDER}/custom`)) },
    subject: refOf(map),
    ...(place && { place }),
  };
}

function filesOf(map: Resource, folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asFields(map.data) ?? {}).flatMap(([key, text]) =>
      typeof text === "string" && key !== "Corefile" ? [[`${folder}/${key}`, text]] : [],
    ),
  );
}

/** Right for a text written line by line (`Corefile: |`); of any other, the field's own place has to do. */
function placeIn(map: Resource, text: string, locate: Locate): ((inner: Place) => Place) | undefined {
  const start = locate(map, "data.Corefile");
  if (!start) return undefined;
  if (!text.includes("\n")) return () => start;
  return ({ line, column }) => ({
    file: start.file,
    line: start.line + line,
    column: start.column + 1 + column,
  });
}
