import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { goModule } from "../components/go-module.ts";
import { helmProgram } from "../components/helm.ts";

/** Files that belong together, and the files that define their custom resources. */
export interface RealSet {
  /** The source, and the file when the set is one. */
  readonly name: string;
  readonly files: readonly RealFile[];
  readonly crds: readonly RealFile[];
}

export interface RealFile {
  readonly name: string;
  readonly text: string | Uint8Array;
}

const CERT_MANAGER = {
  path: "github.com/cert-manager/cert-manager",
  version: "v1.21.2",
  sum: "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=",
};
const GATEWAY_API = {
  path: "sigs.k8s.io/gateway-api",
  version: "v1.7.0",
  sum: "h1:duVnm7nO6oXfMMUWfcDoBph47CYR/ME3NGxccOVglaY=",
};
const KUBERNETES = {
  path: "k8s.io/kubernetes",
  version: "v1.36.3",
  sum: "h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=",
};

/** cert-manager: its CRDs, and its chart as helm renders it, plain and with what can be switched on. */
export async function certManagerSets(): Promise<RealSet[]> {
  const root = await goModule(CERT_MANAGER);
  const helm = await helmProgram();
  const chart = async (name: string, settings: readonly string[]): Promise<RealSet> => {
    const args = ["template", "cert-manager", join(root, "deploy/charts/cert-manager")];
    const more = ["--namespace", "cert-manager", "--kube-version", "1.36.3"];
    const { stdout } = await promisify(execFile)(
      helm,
      [...args, ...more, ...settings.flatMap((s) => ["--set", s])],
      { maxBuffer: 64 * 2 ** 20 },
    );
    return { name, files: [{ name, text: stdout }], crds: [] };
  };
  return [
    { name: "cert-manager CRDs", files: filesIn(root, "cert-manager", "deploy/crds"), crds: [] },
    await chart("cert-manager chart", []),
    await chart("cert-manager chart, all of it", [
      "crds.enabled=true",
      "prometheus.podmonitor.enabled=true",
      "podDisruptionBudget.enabled=true",
      "webhook.podDisruptionBudget.enabled=true",
      "cainjector.podDisruptionBudget.enabled=true",
      "networkPolicy.enabled=true",
      "webhook.networkPolicy.enabled=true",
      "replicaCount=2",
    ]),
  ];
}

/** The Gateway API: the CRDs of both channels, and each example with the CRDs that it is for. */
export async function gatewayApiSets(): Promise<RealSet[]> {
  const root = await goModule(GATEWAY_API);
  const name = "gateway-api";
  const crds = filesIn(root, name, "config/crd/experimental");
  return [
    { name: `${name} CRDs, standard`, files: filesIn(root, name, "config/crd/standard"), crds: [] },
    { name: `${name} CRDs, experimental`, files: crds, crds: [] },
    ...each(filesIn(root, name, "examples"), crds),
  ];
}

/** What Kubernetes ships and tests with: each file a set of its own, for they repeat each other. */
export async function kubernetesSets(): Promise<RealSet[]> {
  const root = await goModule(KUBERNETES);
  const folders = ["cluster/addons", "hack/testdata", "test/fixtures", "test/e2e/testing-manifests"];
  return each(
    folders.flatMap((folder) => filesIn(root, "kubernetes", folder)),
    [],
  );
}

function each(files: readonly RealFile[], crds: readonly RealFile[]): RealSet[] {
  return files.map((file) => ({ name: file.name, files: [file], crds }));
}

function filesIn(root: string, source: string, folder: string): RealFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort()
    .map((path) => ({
      name: `${source}/${folder}/${path}`,
      text: readFileSync(join(root, folder, path)),
    }));
}
