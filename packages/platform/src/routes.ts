import { applyPatches, type Block } from "@ashlar/core";
import { networkModel, probe, reach } from "@ashlar/network-policy/blocks";

/** What the probe of each pair of namespaces must see: asked of the model of the platform's own policies. */
export function expectedRoutes(
  block: Block,
  namespaces: readonly string[],
): { readonly from: string; readonly to: string; readonly reaches: boolean }[] {
  const tool = probe.safe({ namespaces });
  if (!tool.ok) return [];
  const { resources, partial } = applyPatches([...block.resources, ...tool.value.resources], block.patches);
  const model = networkModel(resources, { partialNamespaces: partial.map((ref) => ref.name) });
  return namespaces.flatMap((from) =>
    namespaces
      .filter((to) => to !== from)
      .map((to) => ({
        from,
        to,
        reaches: reach(model, { from: `${from}/busybox`, to: { service: `${to}/busybox` }, port: 80 })
          .allowed,
      })),
  );
}
