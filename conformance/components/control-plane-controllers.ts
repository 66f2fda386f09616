import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ApiClient } from "./api-client.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";

/** Starts kube-controller-manager with all its controllers against the server of a kubeconfig. */
export async function startControllers(
  program: string,
  kubeconfig: string,
  serviceAccountKey: string,
): Promise<RunningProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-kube-controller-manager-"));
  return startProcess(
    program,
    [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${serviceAccountKey}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${await freePort()}`,
      `--cert-dir=${folder}`,
      "--leader-elect=false",
      // The default of 20 requests a second makes a set of hundreds of objects wait for minutes.
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
    folder,
  );
}

interface ClusterRole {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly rules?: readonly unknown[] | null;
  readonly aggregationRule?: {
    readonly clusterRoleSelectors?: readonly {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly unknown[];
    }[];
  };
}

/**
 * Whether the aggregation controller is done: every aggregated ClusterRole holds each rule of the roles that it selects.
 * Selectors with `matchExpressions` are not looked at.
 */
export async function rolesAreAggregated(client: Pick<ApiClient, "get">): Promise<boolean> {
  const { code, body } = await client.get("/apis/rbac.authorization.k8s.io/v1/clusterroles");
  const roles = (body as { readonly items?: readonly ClusterRole[] }).items ?? [];
  const aggregated = roles.filter((role) => role.aggregationRule !== undefined);
  if (code !== 200 || aggregated.length === 0) return false;
  return aggregated.every((role) => {
    const wanted = roles.filter((other) => other !== role && selects(role, other));
    const rules = role.rules ?? [];
    return wanted
      .flatMap((other) => other.rules ?? [])
      .every((rule) => rules.some((own) => isDeepStrictEqual(own, rule)));
  });
}

function selects({ aggregationRule }: ClusterRole, { metadata }: ClusterRole): boolean {
  return (aggregationRule?.clusterRoleSelectors ?? []).some(
    ({ matchLabels = {}, matchExpressions = [] }) =>
      matchExpressions.length === 0 &&
      Object.entries(matchLabels).every(([key, value]) => metadata.labels?.[key] === value),
  );
}
