import type { Inventory, Resource } from "@ashlar/core";

/** A text in a ConfigMap that CoreDNS reads. */
export interface CorefileText {
  readonly resource: Resource;
  readonly key: string;
  readonly text: string;
}

/** A Corefile, and what stands beside it in the container. */
export interface CorefileTexts {
  readonly main: CorefileText;
  /** By path: every key of the ConfigMap, the Corefile among them, and those of `coredns-custom` in the same namespace. */
  readonly texts: ReadonlyMap<string, CorefileText>;
  /** Whether a file that is not in `texts` may be there all the same. */
  readonly unknownFile: (path: string) => boolean;
}

/** Where the manifests of CoreDNS, its chart, AKS and k3s mount the ConfigMap; `coredns-custom` is below it. */
const FOLDER = "/etc/coredns";
const CUSTOM = "coredns-custom";

/** Every ConfigMap with a key `Corefile`. */
export function textsOfCorefile({ resources, whole = false, partial = [] }: Inventory): CorefileTexts[] {
  const customs = resources.filter((resource) => isConfigMap(resource) && nameOf(resource) === CUSTOM);
  return resources.flatMap((resource): CorefileTexts[] => {
    const own = textsOf(resource);
    const main = own.find(({ key }) => key === "Corefile");
    if (!main) return [];
    const texts = new Map(own.map((text) => [`${FOLDER}/${text.key}`, text]));
    for (const custom of customs)
      if (custom !== resource && namespaceOf(custom) === namespaceOf(resource))
        for (const text of textsOf(custom)) texts.set(`${FOLDER}/custom/${text.key}`, text);
    const isPatch = partial.some(
      (ref) =>
        ref.kind === "ConfigMap" &&
        ref.name === nameOf(resource) &&
        (ref.namespace ?? "") === namespaceOf(resource),
    );
    // Other volumes may be mounted below the folder, and single files into it. A snippet's name has no dot, slash or wildcard.
    const unknownFile = (path: string) => {
      const inside = path.startsWith(`${FOLDER}/`) ? path.slice(FOLDER.length + 1) : undefined;
      if (inside === undefined || isPatch || inside.includes("/")) return true;
      return !whole && /[.*?]/.test(inside);
    };
    return [{ main, texts, unknownFile }];
  });
}

/** The server blocks (`*.server`) and lines of the main server block (`*.override`) of `coredns-custom`. */
export function customTexts({ resources }: Inventory): CorefileText[] {
  return resources
    .filter((resource) => nameOf(resource) === CUSTOM)
    .flatMap(textsOf)
    .filter(({ key }) => key.endsWith(".server") || key.endsWith(".override"));
}

function textsOf(resource: Resource): CorefileText[] {
  const { data } = resource as { readonly data?: unknown };
  if (!isConfigMap(resource) || typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, text]: [string, unknown]) =>
    typeof text === "string" ? [{ resource, key, text }] : [],
  );
}

function isConfigMap(resource: Resource): boolean {
  return resource.kind === "ConfigMap";
}

function nameOf({ metadata }: Resource): unknown {
  return metadata?.name;
}

function namespaceOf({ metadata }: Resource): string {
  return metadata?.namespace ?? "";
}
