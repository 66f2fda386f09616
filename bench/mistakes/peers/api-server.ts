import { formatRef, type Resource, refOf } from "@ashlar/core";
import type { ControlPlane } from "../../../conformance/components/control-plane.ts";
import { kubectlProgram } from "../../../conformance/components/kubectl.ts";
import { changedObjects, type Files, RIGHT_FILES, rightObjects } from "../right-set.ts";
import { withFolder } from "./folder.ts";
import { lines, type Peer } from "./peer.ts";
import { runProgram } from "./run-program.ts";

/**
 * The real API server's strict dry run, in a cluster that has the namespaces of the right set. It sees one object at a
 * time, so those that are as in the right set are not asked about again. A set of several files is one whose text was
 * edited: its changed file goes through kubectl, which reads it.
 */
export function apiServer(server: ControlPlane): Peer {
  return {
    name: "kube-apiserver 1.36, strict dry run",
    complaints: async (sets) => {
      for (const object of rightObjects()) if (object.kind === "Namespace") await server.create(object);
      const said: (readonly string[])[] = [];
      for (const files of sets)
        said.push(files.size > 1 ? await throughKubectl(server, files) : await directly(server, files));
      return said;
    },
  };
}

async function directly(server: ControlPlane, files: Files): Promise<readonly string[]> {
  const said: string[] = [];
  for (const object of changedObjects(files)) said.push(...(await tell(server, object)));
  return said;
}

async function tell(server: ControlPlane, object: Resource): Promise<readonly string[]> {
  const served = await server.collectionOf(object).catch((error: Error) => error);
  if (served instanceof Error) return [`${formatRef(refOf(object))}: ${served.message}`];
  const answer = await server.dryRun(object);
  const told = answer.accepted
    ? answer.warnings
    : answer.status.reason === "AlreadyExists"
      ? []
      : [answer.status.message];
  return told.map((message) => `${formatRef(refOf(object))}: ${message}`);
}

async function throughKubectl(server: ControlPlane, files: Files): Promise<readonly string[]> {
  const edited = [...files].filter(([name, text]) => RIGHT_FILES.get(name) !== text);
  const changed = edited.length > 0 ? new Map(edited) : files;
  const kubectl = await kubectlProgram();
  return withFolder(changed, async (folder) => {
    const args = ["create", "--dry-run=server", "--validate=strict", "--recursive", "-f", folder];
    const { stderr } = await runProgram(kubectl, [`--kubeconfig=${server.kubeconfig}`, ...args]);
    return lines(stderr.replaceAll(folder, "")).filter((line) => !line.includes("(AlreadyExists)"));
  });
}
