import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Endpoint } from "./kubeconfig.ts";
import type { Said } from "./run-kubectl.ts";

/** What a container of a pod finds of its ServiceAccount. */
export interface PodIdentity extends Endpoint {
  readonly token: string;
  readonly namespace: string;
}

const SCRIPT = `run="$(readlink -f /var/run)" && mount -t tmpfs none "$run" &&
account="$run/secrets/kubernetes.io/serviceaccount" && mkdir -p "$account" && cp "$1"/* "$account" && shift && exec "$@"`;

/**
 * Runs a program as in a container of a pod: with the files of a ServiceAccount where the kubelet puts them, in a mount namespace
 * of its own (util-linux' `unshare`), with the variables that name the API server, and without a kubeconfig.
 *
 * @param folder for the files; is made
 */
export async function runInPod(
  argv: readonly string[],
  { url, ca, token, namespace }: PodIdentity,
  folder: string,
): Promise<Said> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ "ca.crt": ca, token, namespace }))
    await writeFile(join(folder, name), text);
  const { hostname, port } = new URL(url);
  const { KUBECONFIG: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    HOME: folder,
    NO_COLOR: "1",
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
  };
  const args = ["--map-root-user", "--mount", "--", "sh", "-c", SCRIPT, "sh", folder, ...argv];
  return new Promise((resolve) => {
    execFile("unshare", args, { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
