import { existsSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "./go.ts";

/** The programs of a control plane, each with the environment variable that names another one than ours. */
const VARIABLES = {
  etcd: "ASHLAR_ETCD",
  "kube-apiserver": "ASHLAR_KUBE_APISERVER",
  "kube-controller-manager": "ASHLAR_KUBE_CONTROLLER_MANAGER",
  "kube-scheduler": "ASHLAR_KUBE_SCHEDULER",
  kwok: "ASHLAR_KWOK",
} as const;

export type ControlPlaneProgram = keyof typeof VARIABLES;

export const CONTROL_PLANE_PROGRAMS = Object.keys(VARIABLES) as readonly ControlPlaneProgram[];

/**
 * The path of one program: the variable's when it is set, else the one in the folder `KUBEBUILDER_ASSETS` when that is set
 * and holds one, else built from its pinned Go module.
 *
 * @throws Error when a variable names no file, or when the program cannot be built
 */
export async function controlPlaneProgram(name: ControlPlaneProgram): Promise<string> {
  const variable = VARIABLES[name];
  const assets = process.env.KUBEBUILDER_ASSETS;
  const inAssets = assets && join(assets, name);
  // The assets are etcd, kube-apiserver and kubectl: a folder without the others is whole.
  const isLeftOut = name !== "etcd" && name !== "kube-apiserver" && inAssets && !existsSync(inAssets);
  const given = process.env[variable] || (isLeftOut ? undefined : inAssets);
  if (!given) return goProgram(name);
  if (!existsSync(given))
    throw new Error(
      `${given}, named by ${process.env[variable] ? variable : "KUBEBUILDER_ASSETS"}, does not exist: correct or unset the ` +
        "variable (then it is built from its Go module)",
    );
  return given;
}
