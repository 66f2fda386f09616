import { kubectlProgram } from "../../../conformance/components/kubectl.ts";
import { withFolder } from "./folder.ts";
import { lines, type Peer } from "./peer.ts";
import { runProgram } from "./run-program.ts";

/** The set as the resources of a kustomization: what `kubectl kustomize` refuses to build. */
export const kustomize: Peer = {
  name: "kustomize (kubectl 1.35), build",
  complaints: async (sets) => {
    const program = await kubectlProgram();
    const said: (readonly string[])[] = [];
    for (const files of sets) {
      const resources = JSON.stringify({ resources: [...files.keys()] });
      said.push(
        await withFolder(new Map([["kustomization.yaml", resources], ...files]), async (folder) => {
          const { stderr } = await runProgram(program, ["kustomize", folder]);
          return lines(stderr.replaceAll(folder, ""));
        }),
      );
    }
    return said;
  },
};
