import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "@ashlar/core";
import { runKubectl, type Said } from "../components/run-kubectl.ts";

/** `kubectl apply --server-side` of objects, and what it says of fields that others own. */
export async function kubectlApply(
  kubeconfig: string,
  objects: readonly Resource[],
  ...args: readonly string[]
): Promise<Said & { readonly conflicts: readonly string[] }> {
  const said = await runKubectl(
    ["apply", "-f", "-", ...args],
    kubeconfig,
    JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
  );
  return { ...said, conflicts: conflictsIn(said.err) };
}

/** `.data.word` of each line that names one: alone after `conflict with …:`, or as an item of a list. */
function conflictsIn(text: string): string[] {
  const paths = text
    .split("\n")
    .flatMap((line) => /^- \.(.+)$|conflict with .*: \.(.+)$/.exec(line)?.slice(1) ?? [])
    .filter((path) => path !== undefined);
  return [...new Set(paths)].sort();
}

/** What somebody wrote into an object, without what the server keeps of it and without the label of our set. */
export function substance(object: Resource): unknown {
  const { status: _, metadata, ...rest } = object;
  const { "applyset.kubernetes.io/part-of": __, ...labels } = metadata.labels ?? {};
  const { annotations = {} } = metadata;
  const spec = { ...(rest.spec as object) } as Record<string, unknown>;
  for (const field of ["clusterIP", "clusterIPs"]) delete spec[field];
  return { ...rest, ...(rest.spec !== undefined && { spec }), labels, annotations };
}

/** Writes files into a folder that goes when the work is done. */
export async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-live-apply-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
