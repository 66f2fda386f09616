import { helmProgram } from "../../../conformance/components/helm.ts";
import type { Files } from "../right-set.ts";
import { withFolder } from "./folder.ts";
import { lines, type Peer } from "./peer.ts";
import { runProgram } from "./run-program.ts";

const CHART = "apiVersion: v2\nname: mistakes\nversion: 1.0.0\ndescription: one set of manifests\n";

const COMPLAINT = /^(?:\[(?:WARNING|ERROR)\]|Error: (?!\d+ chart))/;

/** The set as the templates of a chart: what `helm template` refuses and `helm lint --strict` complains about. */
export const helm: Peer = {
  name: "helm 4.1, template and lint --strict",
  complaints: async (sets) => {
    const program = await helmProgram();
    const said: (readonly string[])[] = [];
    for (const files of sets)
      said.push(await withFolder(chartOf(files), (folder) => complain(program, folder)));
    return said;
  },
};

function chartOf(files: Files): Files {
  const templates = [...files].map(([name, text]) => [`templates/${name}`, text] as const);
  return new Map([["Chart.yaml", CHART], ["values.yaml", ""], ...templates]);
}

async function complain(program: string, folder: string): Promise<readonly string[]> {
  const template = await runProgram(program, ["template", "mistakes", folder, "--kube-version", "1.36.3"]);
  const lint = await runProgram(program, ["lint", "--strict", folder, "--kube-version", "1.36.3"]);
  const told = lines(`${template.code === 0 ? "" : template.stderr}\n${lint.stdout}\n${lint.stderr}`);
  return told.map((line) => line.replaceAll(folder, "")).filter((line) => COMPLAINT.test(line));
}
