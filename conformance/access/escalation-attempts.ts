const RBAC = "rbac.authorization.k8s.io";
const API = `${RBAC}/v1`;

/** Does something as the API allows; the answer is whether it worked: for rights, whether Secrets can then be read. */
export type Try = (by: Attempt) => Promise<boolean>;

/** With what somebody tries. */
export interface Attempt {
  /** The namespace, the user and the role of the case all have its name. */
  readonly own: string;
  readonly call: (
    method: string,
    path: string,
    more?: CallOptions,
  ) => Promise<{ code: number; body: unknown }>;
  /** Whether a GET becomes 200 within a moment: the authorizer follows the store. */
  readonly reads: (path: string, more?: CallOptions) => Promise<boolean>;
}

export interface CallOptions {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

const EVERYTHING = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
const ALL_SECRETS = "/api/v1/secrets";
const secretsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;
const as = (user: string, group?: string) => ({
  headers: { "impersonate-user": user, ...(group && { "impersonate-group": group }) },
});

export const bindClusterAdmin: Try = async ({ own, call, reads }) => {
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" };
  const subjects = [{ apiGroup: RBAC, kind: "User", name: own }];
  const body = {
    apiVersion: API,
    kind: "ClusterRoleBinding",
    metadata: { name: `${own}-more` },
    roleRef,
    subjects,
  };
  return (
    (await call("POST", `/apis/${API}/clusterrolebindings`, { body })).code === 201 && reads(ALL_SECRETS)
  );
};
export const bindInNamespace: Try = async ({ own, call, reads }) => {
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" };
  const subjects = [{ apiGroup: RBAC, kind: "User", name: own }];
  const body = { apiVersion: API, kind: "RoleBinding", metadata: { name: "more" }, roleRef, subjects };
  const path = `/apis/${API}/namespaces/${own}/rolebindings`;
  return (await call("POST", path, { body })).code === 201 && reads(secretsOf(own));
};
export const widenOwn =
  (kind: "Role" | "ClusterRole"): Try =>
  async ({ own, call, reads }) => {
    const where = kind === "Role" ? `/namespaces/${own}/roles` : "/clusterroles";
    const body = { apiVersion: API, kind, metadata: { name: own }, rules: [EVERYTHING] };
    const { code } = await call("PUT", `/apis/${API}${where}/${own}`, { body });
    return code === 200 && reads(kind === "Role" ? secretsOf(own) : ALL_SECRETS);
  };
export const takeToken: Try = async ({ own, call, reads }) => {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const answer = await call("POST", `/api/v1/namespaces/${own}/serviceaccounts/deployer/token`, { body });
  const { status } = answer.body as { status?: { token?: string } };
  return answer.code === 201 && status?.token !== undefined && reads(ALL_SECRETS, { token: status.token });
};
export const beMaster: Try = ({ reads }) => reads(ALL_SECRETS, as("anna", "system:masters"));
export const beDeployer: Try = ({ own, reads }) =>
  reads(ALL_SECRETS, as(`system:serviceaccount:${own}:deployer`));

export const configMap = ({ own }: Attempt, name?: string) =>
  `/api/v1/namespaces/${own}/configmaps${name === undefined ? "" : `/${name}`}`;
const stateOf = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
export const post: Try = async (by) =>
  (await by.call("POST", configMap(by), { body: stateOf("state") })).code === 201;
export const applyNew: Try = async (by) => {
  const headers = { "content-type": "application/apply-patch+yaml" };
  const url = `${configMap(by, "state")}?fieldManager=ashlar-conformance`;
  return (await by.call("PATCH", url, { body: stateOf("state"), headers })).code === 201;
};
export const gets =
  (url: (by: Attempt) => string): Try =>
  async (by) =>
    (await by.call("GET", url(by))).code === 200;
