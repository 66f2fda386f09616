import type { Resource } from "@ashlar/core";
import { type Fields, fieldsOf, textOf } from "@ashlar/core";

/** A ServiceAccount that something of the set makes usable: a pod that runs as it, a Secret with its token. */
export interface AccountInUse {
  readonly namespace: string;
  readonly account: string;
  /** The name of the Secret; of a pod's owner for a pod. */
  readonly by: string;
}

const DEFAULT_NAMESPACE = "default";
const ACCOUNT = "kubernetes.io/service-account.name";

/** The ServiceAccounts that pods of the set run as: bare ones and those of every workload. */
export function runningAs(resources: readonly Resource[]): AccountInUse[] {
  return resources.flatMap((resource) => {
    const spec = podSpec(resource);
    if (spec === undefined) return [];
    const account = textOf(spec.serviceAccountName) || textOf(spec.serviceAccount) || "default";
    return [{ ...placeOf(resource), account }];
  });
}

/** The ServiceAccounts whose tokens are in Secrets of the set. */
export function tokensIn(resources: readonly Resource[]): AccountInUse[] {
  return resources.flatMap((resource) => {
    if (resource.kind !== "Secret" || resource.type !== "kubernetes.io/service-account-token") return [];
    const account = textOf(fieldsOf(fieldsOf(resource.metadata).annotations)[ACCOUNT]);
    return account === "" ? [] : [{ ...placeOf(resource), account }];
  });
}

function placeOf({ metadata }: Resource): { readonly namespace: string; readonly by: string } {
  const { name, namespace } = fieldsOf(metadata);
  return { namespace: textOf(namespace) || DEFAULT_NAMESPACE, by: textOf(name) };
}

function podSpec({ kind, spec }: Resource): Fields | undefined {
  const fields = fieldsOf(spec);
  const template =
    kind === "CronJob" ? fieldsOf(fieldsOf(fields.jobTemplate).spec).template : fields.template;
  const found = kind === "Pod" ? fields : fieldsOf(fieldsOf(template).spec);
  return Array.isArray(found.containers) ? found : undefined;
}
