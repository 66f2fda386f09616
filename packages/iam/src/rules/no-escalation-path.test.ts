import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { noEscalationPath } from "./no-escalation-path.ts";
import { binding, found, labelled, role } from "./sets.test-support.ts";

/** What is said of each subject: from its name to the end of the chain. */
const chains = (...resources: readonly Resource[]) =>
  found(noEscalationPath, resources).map((text) => text.replace(/^[^:]*: | @ .*$/g, ""));

const RBAC = "rbac.authorization.k8s.io";
const strong = binding("strong", "cluster-admin", "ServiceAccount ops/deployer");
const asDeployer = "then as ServiceAccount ops/deployer: use ClusterRole cluster-admin";

describe("becoming a ServiceAccount of the namespace", () => {
  test.each([
    ["create pods", "create pods in ops"],
    ["patch deployments.apps", "patch deployments in ops"],
    ["update cronjobs.batch", "update cronjobs in ops"],
    ["create jobs.batch", "create jobs in ops"],
    ["create serviceaccounts/token", "take a token of any ServiceAccount in ops"],
    ["create serviceaccounts/token named deployer", "create serviceaccounts/token deployer in ops"],
    ["impersonate serviceaccounts", "impersonate any ServiceAccount in ops"],
    ["impersonate serviceaccounts named deployer", "impersonate serviceaccounts deployer in ops"],
    ["create,get secrets", "make and read a token Secret in ops"],
    ["create *", "create pods in ops"],
  ])("%s", (rule, does) => {
    const set = [role("ops/r", rule), binding("ops/b", "Role/r", "Group dev"), strong];
    expect(chains(...set)).toEqual([
      `Group dev has a way to every right in the cluster: ${does}, ${asDeployer}`,
    ]);
  });

  test.each([
    "get,list,delete pods",
    "patch pods",
    "update,patch jobs.batch",
    "create serviceaccounts/token named other",
    "impersonate serviceaccounts named other",
    "create secrets",
    "get secrets",
    "create pods/exec",
    "patch deployments.apps named web",
    "create pods.metrics.k8s.io",
  ])("%s is no way", (rule) => {
    expect(chains(role("ops/r", rule), binding("ops/b", "Role/r", "Group dev"), strong)).toEqual([]);
  });

  test("in another namespace there is nobody to become", () => {
    expect(chains(binding("dev/b", "admin", "Group dev"), strong)).toEqual([]);
    expect(chains(binding("ops/b", "admin", "Group dev"), strong)).toHaveLength(1);
  });

  test("by a Secret of the set that holds its token", () => {
    const token: Resource = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "t",
        namespace: "ops",
        annotations: { "kubernetes.io/service-account.name": "deployer" },
      },
      type: "kubernetes.io/service-account-token",
    };
    const by = (rule: string) =>
      chains(role("ops/r", rule), binding("ops/b", "Role/r", "Group dev"), strong, token).length;
    expect([by("get secrets"), by("list secrets"), by("get secrets named t")]).toEqual([1, 1, 1]);
    expect([by("get secrets named u"), by("delete secrets"), by("get configmaps")]).toEqual([0, 0, 0]);
  });

  test("by a pod of the set that runs as it", () => {
    const pod = (fields: object): Resource => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "ops" },
      spec: { template: { spec: { containers: [], ...fields } } },
    });
    const by = (rule: string, fields: object) =>
      chains(role("ops/r", rule), binding("ops/b", "Role/r", "Group dev"), strong, pod(fields));
    const running = { serviceAccountName: "deployer" };
    expect(by("create pods/exec", running)[0]).toContain(`run commands in a pod in ops, ${asDeployer}`);
    expect(by("get pods/exec", running)).toHaveLength(1);
    expect(by("patch pods/ephemeralcontainers", running)).toHaveLength(1);
    expect(by("create pods/exec", {})).toEqual([]);
    expect(by("create pods/log", running)).toEqual([]);
  });

  test("a group of ServiceAccounts that is strong", () => {
    const group = binding("g", "cluster-admin", "Group system:serviceaccounts:ops");
    expect(chains(binding("ops/b", "edit", "Group dev"), group)).toHaveLength(1);
    expect(chains(binding("dev/b", "edit", "Group dev"), group)).toEqual([]);
  });
});

describe("every right of the cluster at once", () => {
  test.each([
    [["impersonate users,groups"], `impersonate a member of system:masters`],
    [
      ["impersonate users named a", "impersonate groups named system:masters"],
      "impersonate a member of system:masters",
    ],
    [[`bind clusterroles.${RBAC}`, `create clusterrolebindings.${RBAC}`], "bind cluster-admin to itself"],
    [
      [`bind clusterroles.${RBAC} named cluster-admin`, `patch clusterrolebindings.${RBAC}`],
      "bind cluster-admin to itself",
    ],
    [[`escalate,update clusterroles.${RBAC}`], "write any right into a ClusterRole that it has"],
    [["get nodes/proxy"], "run commands in every pod through the kubelets"],
    [
      ["patch mutatingwebhookconfigurations.admissionregistration.k8s.io"],
      "change any object on its way into the cluster",
    ],
    [
      ["create persistentvolumes,persistentvolumeclaims,pods"],
      "mount the disk of a node in any namespace, as a PersistentVolume",
    ],
  ])("%j", (rules, does) => {
    const [chain, ...others] = chains(role("r", ...rules), binding("b", "r", "User ann"));
    expect(chain).toBe(`User ann has a way to every right in the cluster: ${does}`);
    expect(others).toEqual([]);
  });

  test.each([
    [["impersonate groups"]],
    [["impersonate users named ann"]],
    [["impersonate users,groups named ann"]],
    [[`bind clusterroles.${RBAC}`]],
    [[`create clusterrolebindings.${RBAC}`]],
    [[`bind clusterroles.${RBAC} named view`, `create clusterrolebindings.${RBAC}`]],
    [[`escalate clusterroles.${RBAC}`]],
    [[`update clusterroles.${RBAC}`]],
    [["get nodes,nodes/metrics"]],
    [["patch validatingwebhookconfigurations.admissionregistration.k8s.io"]],
    [["create persistentvolumes"]],
    [["create,get secrets.example.test"]],
  ])("%j is not enough", (rules) => {
    expect(chains(role("r", ...rules), binding("b", "r", "User ann"))).toEqual([]);
  });

  test("rights of several bindings are put together", () => {
    const set = [
      role("r", `bind clusterroles.${RBAC}`),
      role("s", `create clusterrolebindings.${RBAC}`),
      binding("a", "r", "User ann"),
      binding("b", "s", "User ann", "User bob"),
    ];
    expect(chains(...set)).toEqual([
      "User ann has a way to every right in the cluster: bind cluster-admin to itself",
    ]);
  });

  test("in a namespace they are no rights over what is in none", () => {
    const rules = [
      "get nodes/proxy",
      "create persistentvolumes,persistentvolumeclaims,pods",
      "impersonate users,groups",
    ];
    expect(chains(role("r", ...rules), binding("dev/b", "r", "User ann"))).toEqual([]);
  });
});

describe("chains", () => {
  test("go on through others, the shortest is told, and every place of it", () => {
    const set = [
      role("dev/r", "create pods"),
      binding("dev/b", "Role/r", "Group dev"),
      role("ops/s", "create serviceaccounts/token"),
      binding("ops/c", "Role/s", "ServiceAccount dev/ci"),
      strong,
    ];
    expect(chains(...set)).toEqual([
      `Group dev has a way to every right in the cluster: create pods in dev, then as ServiceAccount dev/ci: take a token of any ServiceAccount in ops, ${asDeployer}`,
      `ServiceAccount dev/ci has a way to every right in the cluster: take a token of any ServiceAccount in ops, ${asDeployer}`,
    ]);
    const [finding] = noEscalationPath.check({ resources: set });
    expect(finding?.related?.map(({ subject, path }) => `${subject?.kind} ${subject?.name} ${path}`)).toEqual(
      [
        "RoleBinding b subjects[0]",
        "Role r rules[0]",
        "RoleBinding c subjects[0]",
        "Role s rules[0]",
        "ClusterRoleBinding strong subjects[0]",
        "ClusterRole cluster-admin rules[0]",
      ],
    );
  });

  test("pods in every namespace reach the controllers of kube-system", () => {
    const set = [role("r", "create pods"), binding("b", "r", "ServiceAccount x/y")];
    expect(chains(...set)).toEqual([
      "ServiceAccount x/y has a way to every right in the cluster: create pods in any namespace, then as ServiceAccount kube-system/clusterrole-aggregation-controller: write any right into a ClusterRole that it has",
    ]);
    expect(chains(binding("kube-system/b", "edit", "Group g"))).toHaveLength(1);
  });

  test("any user is also one of the components", () => {
    const users = chains(role("r", "impersonate users"), binding("b", "r", "User ann"));
    expect(users).toHaveLength(1);
    expect(users[0]).toContain("impersonate any user, then as ");
    const csr = [
      "create certificatesigningrequests.certificates.k8s.io",
      "update certificatesigningrequests/approval.certificates.k8s.io",
    ];
    const approving = (signer: string) =>
      chains(
        role("r", ...csr, `approve signers.certificates.k8s.io named ${signer}`),
        binding("b", "r", "User ann"),
      );
    expect(approving("kubernetes.io/kube-apiserver-client")).toHaveLength(1);
    expect(approving("kubernetes.io/*")).toHaveLength(1);
    expect(approving("kubernetes.io/kubelet-serving")).toEqual([]);
  });

  test("a label that widens edit is seen through the built-in role", () => {
    const label = { "rbac.authorization.k8s.io/aggregate-to-edit": "true" };
    expect(chains(binding("b", "edit", "Group g"), labelled("x", label, "get pods"))).toHaveLength(1);
    expect(chains(binding("b", "view", "Group g"), labelled("x", label, "create pods"))).toEqual([]);
    const view = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
    expect(chains(binding("b", "view", "Group g"), labelled("x", view, "create pods"))).toHaveLength(1);
  });

  test("no finding for who may do everything, nor for Kubernetes' own", () => {
    const wide = role("r", "create pods", "get nodes/proxy");
    expect(chains(wide, strong, binding("b", "r", "ServiceAccount ops/deployer"))).toEqual([]);
    const own = [
      "User system:kube-scheduler",
      "Group system:nodes",
      "ServiceAccount kube-system/job-controller",
    ];
    expect(chains(wide, binding("b", "r", ...own))).toEqual([]);
  });
});

describe("lesser rights", () => {
  const weak = (rule: string, where = "c") => [role("t", rule), binding(where, "t", "ServiceAccount dev/ci")];

  test.each([
    ["update configmaps", "c", "update configmaps in every namespace, create pods in dev"],
    ["list secrets", "c", "list secrets in every namespace"],
    ["delete pods", "prod/c", "delete pods in prod"],
    ["update configmaps named state", "c", "update configmaps state in every namespace"],
    ["* widgets.example.test", "c", "every verb on widgets in every namespace"],
  ])("%s by %s", (rule, where, what) => {
    const [chain, ...others] = chains(binding("dev/b", "edit", "Group dev"), ...weak(rule, where));
    expect(chain).toBe(
      `Group dev has a way to ${what.split(", create")[0]}: create pods in dev, then as ServiceAccount dev/ci, by ClusterRole t`,
    );
    expect(others).toEqual([]);
  });

  test.each([
    ["get,list pods", "c"],
    ["create tokenreviews.authentication.k8s.io", "c"],
    ["create events", "c"],
    ["update leases.coordination.k8s.io", "c"],
    ["get /metrics", "c"],
    ["update widgets.example.test", "dev/c"],
  ])("%s by %s is none that counts, or is within what edit owns", (rule, where) => {
    expect(chains(binding("dev/b", "edit", "Group dev"), ...weak(rule, where))).toEqual([]);
  });

  test("who has the right already gains nothing", () => {
    const set = [binding("dev/b", "edit", "Group dev"), ...weak("update configmaps")];
    expect(chains(...set, binding("d", "t", "Group dev"))).toEqual([]);
    expect(chains(...set, binding("prod/d", "t", "Group dev"))).toHaveLength(1);
  });

  test("who makes pods, but does not read Secrets, does not own the namespace", () => {
    const set = [
      role("dev/r", "create pods"),
      binding("dev/b", "Role/r", "Group dev"),
      ...weak("get secrets", "dev/c"),
    ];
    expect(chains(...set)).toEqual([
      "Group dev has a way to get secrets in dev: create pods in dev, then as ServiceAccount dev/ci, by ClusterRole t",
    ]);
  });

  test("writing one's own role, or binding any, in a namespace", () => {
    const bound = (...rules: string[]) =>
      chains(role("dev/r", ...rules), binding("dev/b", "Role/r", "Group dev"));
    expect(bound(`escalate,update roles.${RBAC}`)).toEqual([
      "Group dev has a way to every right in dev: write any right into a Role that it has in dev",
    ]);
    expect(bound(`bind clusterroles.${RBAC}`, `create rolebindings.${RBAC}`)).toEqual([
      "Group dev has a way to every right in dev: bind ClusterRoles to itself in dev",
    ]);
    expect(bound(`update roles.${RBAC}`, `create rolebindings.${RBAC}`)).toEqual([]);
    expect(chains(binding("dev/b", "cluster-admin", "Group dev"))).toEqual([]);
  });
});
