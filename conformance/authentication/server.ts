import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../components/control-plane.ts";
import { controlPlaneProgram } from "../components/control-plane-programs.ts";
import { freePort } from "../components/process.ts";

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** User, groups, uid and extra of a SelfSubjectReview, or the code of the refusal. */
export async function whoAmI(server: ControlPlane, token: string): Promise<unknown> {
  const client = server.client(token);
  const review = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "SelfSubjectReview",
    metadata: { name: "" },
  };
  const answer = await client.createText(
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    JSON.stringify(review),
  );
  client.close();
  if (!answer.accepted) return answer.status.code;
  const { username, groups: all, uid, extra } = (answer.object.status as { userInfo: UserInfo }).userInfo;
  return { user: username ?? "", groups: all ?? [], uid, extra };
}

/** Also those that the server does not count among system:authenticated may review themselves. */
export async function everybodyMayAsk(server: ControlPlane): Promise<void> {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const apiGroup = "rbac.authorization.k8s.io";
  const binding = {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name: "everybody" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "system:basic-user" },
    subjects: [
      { apiGroup, kind: "Group", name: "system:unauthenticated" },
      { apiGroup, kind: "User", name: "system:anonymous" },
    ],
  };
  const answer = await server.create(binding);
  if (!answer.accepted) throw new Error(answer.status.message);
}

/** The server asks the issuer for its keys after it is ready, and again every ten seconds. */
export async function untilTokensCount(server: ControlPlane, token: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await whoAmI(server, token)) === 401) {
    if (Date.now() > deadline) throw new Error("the server refuses a plain token for half a minute");
    await sleep(200);
  }
}

/** Why kube-apiserver refuses its settings; `undefined`: it takes them, and ends for want of the etcd that is not there. */
export async function refuses(args: readonly string[], folder: string): Promise<string | undefined> {
  const program = await controlPlaneProgram("kube-apiserver");
  const key = join(folder, "service-account.key");
  const all = [
    "--etcd-servers=http://127.0.0.1:1",
    "--bind-address=127.0.0.1",
    `--secure-port=${await freePort()}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    ...args,
  ];
  return new Promise((resolve, reject) => {
    execFile(program, all, { timeout: 120_000, maxBuffer: 1 << 24 }, (_error, _stdout, stderr) => {
      // One line says why it ended; those of its etcd client may come before it, after it, or not at all.
      const ending = stderr.split("\n").find((line) => /"command failed" err=|^Error: /.test(line));
      if (ending === undefined)
        reject(new Error(`kube-apiserver does not say why it ended: ${stderr.slice(-500)}`));
      else resolve(ending.includes("error creating storage factory") ? undefined : ending);
    });
  });
}
