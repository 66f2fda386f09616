import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const GROUP = "rbac.authorization.k8s.io";
const binding = (namespace: string, role: string, group: string) =>
  `apiVersion: ${GROUP}/v1\nkind: RoleBinding\nmetadata: { name: ${role}, namespace: ${namespace} }\nroleRef: { apiGroup: ${GROUP}, kind: ClusterRole, name: ${role} }\nsubjects: [{ kind: Group, apiGroup: ${GROUP}, name: ${JSON.stringify(group)} }]\n`;
const OLD = [binding("dev", "admin", "oidc:developer"), binding("prod", "view", "oidc:developer")].join(
  "---\n",
);
const NEW = OLD.replaceAll("view", "edit");

describe("explain can", () => {
  test("names the binding, its line and the rule that allow; exit code 0", async () => {
    const cwd = folderOf({ "rbac.yaml": OLD });
    const { code, out } = await ashlar(
      ["explain", "can", "developer", "delete", "pods", "-n", "dev", "rbac.yaml"],
      { cwd },
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^yes: /);
    expect(out).toContain("RoleBinding dev/admin at rbac.yaml:5");
    expect(out).toContain("ClusterRole admin");
  });

  test("tells the nearest miss and the smallest grant, as objects; exit code 1", async () => {
    const { code, out } = await ashlar([
      "explain",
      "can",
      "developer",
      "delete",
      "pods",
      "-n",
      "prod",
      STRIX,
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(/^no: /);
    expect(out).toContain("another namespace");
    const grant = out.slice(out.indexOf("apiVersion:"));
    const rbac = (await ashlar(["render", STRIX])).out;
    const cwd = folderOf({ "all.yaml": `${rbac}---\n${grant}` });
    const asked = ["explain", "can", "oidc:developer", "delete", "pods", "-n", "prod", "all.yaml"];
    expect((await ashlar(asked, { cwd })).code).toBe(0);
  });

  test("reads what is asked as claims do: read, subresources, names, paths, service accounts", async () => {
    const cwd = folderOf({ "rbac.yaml": OLD });
    const code = async (...asked: string[]) =>
      (await ashlar(["explain", "can", ...asked, "rbac.yaml"], { cwd })).code;
    expect(await code("group:oidc:developer", "read", "pods/log", "-n", "prod")).toBe(0);
    expect(await code("group:oidc:developer", "read", "secrets", "-n", "prod")).toBe(1);
    expect(await code("group:oidc:developer", "get", "secrets", "-n", "dev", "--name", "tls")).toBe(0);
    expect(await code("anyone", "get", "/version")).toBe(0);
    expect(await code("anonymous", "get", "/metrics")).toBe(1);
    expect(await code("serviceaccount:kube-system/job-controller", "create", "pods")).toBe(0);
  });

  test.each([
    [["explain", "can", "developr", "get", "pods"], 'no binding names "developr"', "developer"],
    [["explain", "can", "developer", "gett", "pods"], 'no request has the verb "gett"', "get"],
    [["explain", "can", "developer", "get", "podz"], "podz", "pods"],
    [["explain", "can", "developer"], "needs SUBJECT, VERB and RESOURCE", "write"],
  ])("%j is refused with what to write", async (args, message, hint) => {
    const { code, err } = await ashlar([...args, ...(args.length > 4 ? [STRIX] : [])]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });

  test("a word that several bindings could mean is asked back", async () => {
    const cwd = folderOf({
      "rbac.yaml": [binding("dev", "view", "oidc:dev"), binding("dev", "edit", "ldap:dev")].join("---\n"),
    });
    const { code, err } = await ashlar(["explain", "can", "dev", "get", "pods", "rbac.yaml"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("group:oidc:dev or group:ldap:dev");
  });
});

describe("matrix access", () => {
  const asked = [
    "matrix",
    "access",
    STRIX,
    "--subject",
    "developer",
    "--resource",
    "pods",
    "--resource",
    "secrets",
    "-n",
    "dev",
    "-n",
    "prod",
  ];

  test("as text: who may do what in each namespace", async () => {
    const { code, out } = await ashlar(asked);
    expect(code).toBe(0);
    expect(out).toBe(
      "dev\n           developer\n  pods     all\n  secrets  all\n\nprod\n           developer\n  pods     read\n  secrets  ·\n",
    );
  });

  test("as JSON, CSV, Markdown and HTML it says the same", async () => {
    const json = JSON.parse((await ashlar([...asked, "--format", "json"])).out);
    expect(json.rights).toContainEqual({
      subject: "developer",
      namespace: "prod",
      resource: "pods",
      verbs: ["get", "list", "watch"],
    });
    expect(json.rights).toHaveLength(3);
    const csv = (await ashlar([...asked, "--format", "csv"])).out.split("\r\n");
    expect(csv).toHaveLength(1 + 2 * 2 * 8 + 1);
    expect(csv).toContain("developer,prod,secrets,get,no");
    expect(csv).toContain("developer,dev,secrets,delete,yes");
    expect((await ashlar([...asked, "--format", "markdown"])).out).toContain("| pods | read |");
    expect((await ashlar([...asked, "--format", "html"])).out).toContain(
      '<tr><th scope="row">pods</th><td>read</td></tr>',
    );
  });

  test("names that would be markup or a formula stay text", async () => {
    const cwd = folderOf({
      "rbac.yaml": [binding("dev", "view", '=cmd|"<script>'), binding("dev", "edit", "a|b")].join("---\n"),
    });
    const of = async (format: string) =>
      (await ashlar(["matrix", "access", "rbac.yaml", "--resource", "pods", "--format", format], { cwd }))
        .out;
    expect(await of("html")).toContain("&lt;script&gt;");
    expect(await of("html")).not.toContain("<script>");
    expect(await of("markdown")).toContain("a\\|b");
    expect(await of("csv")).toMatch(/^"group:=cmd\|""<script>"/m);
  });
});

describe("diff", () => {
  test("says who gains and loses which rights; exit code 1", async () => {
    const cwd = folderOf({ "old.yaml": OLD, "new.yaml": NEW });
    const { code, out } = await ashlar(["diff", "old.yaml", "new.yaml"], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/Access:\n/);
    expect(out).toMatch(/oidc:developer may now .*secrets.* in prod/);
    const back = await ashlar(["diff", "new.yaml", "old.yaml", "--format", "json"], { cwd });
    const changes = JSON.parse(back.out).access as { readonly change: string }[];
    expect(changes.length).toBeGreaterThan(0);
    expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(["loses"]));
  });

  test("nobody gains or loses by an order of subjects", async () => {
    const cwd = folderOf({ "old.yaml": OLD, "new.yaml": OLD.split("---\n").reverse().join("---\n") });
    expect(await ashlar(["diff", "old.yaml", "new.yaml"], { cwd })).toMatchObject({
      code: 0,
      out: "No difference.\n",
    });
  });
});

describe("claims about access", () => {
  test("a broken one names the binding and its line; exit code 1", async () => {
    const cwd = folderOf({ "rbac.yaml": NEW });
    const { code, out } = await ashlar(
      [
        "check",
        "rbac.yaml",
        "--claim",
        "group:oidc:developer cannot get secrets in prod",
        "--claim",
        "group:oidc:developer cannot get secrets in test",
      ],
      { cwd },
    );
    expect(code).toBe(1);
    expect(out).toContain("iam/broken-claim");
    expect(out).toContain("RoleBinding prod/edit");
    expect(out).toContain("✓ group:oidc:developer cannot get secrets in test");
  });

  test("an unknown word is refused", async () => {
    const { code, err } = await ashlar(["check", STRIX, "--claim", "develper cannot get secrets in prod"]);
    expect(code).toBe(2);
    expect(err).toContain('unknown group "develper"');
  });
});

describe("login", () => {
  test("an issuer that is not there is said as such", async () => {
    const { code, err } = await ashlar([
      "login",
      "--issuer",
      "https://127.0.0.1:1/realms/x",
      "--client-id",
      "kubernetes",
    ]);
    expect(code).toBe(2);
    expect(err).toContain("cannot be reached");
  });

  test("needs an issuer", async () => {
    const cwd = folderOf({ "a.yaml": OLD });
    const { code, err } = await ashlar(["login", "a.yaml"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("--issuer URL");
  });
});
