import { type Finding, type Locate, suggest } from "@ashlar/core";
import { fieldsOf, isFields, listOf, textOf } from "./fields.ts";

export interface CheckKubeconfigOptions {
  /** Where a field was written, when the kubeconfig came from a text. */
  readonly locate?: Locate;
}

type Fields = Readonly<Record<string, unknown>>;
type Report = (path: string, finding: Pick<Finding, "message" | "hint"> & Partial<Finding>) => void;

const VALID = "iam/valid-kubeconfig";
const EXEC = "client.authentication.k8s.io";
const MODES = ["Never", "IfAvailable", "Always"];

/**
 * What in a kubeconfig keeps kubectl from logging in: users with an `auth-provider`, as of 2018 (`iam/no-auth-provider`), exec
 * plugins that kubectl refuses, and contexts that name a cluster or user that is not there (`iam/valid-kubeconfig`; client-go
 * 0.36 tools/clientcmd/validation.go, plugin/pkg/client/auth). Values of tokens and secrets are never in a finding.
 *
 * @param config the kubeconfig as plain JSON, from anywhere
 */
export function checkKubeconfig(config: unknown, { locate }: CheckKubeconfigOptions = {}): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, finding) => {
    const at = isFields(config) ? locate?.(config, path) : undefined;
    findings.push({ code: VALID, severity: "error", path, ...finding, ...(at && { at }) });
  };
  const lists = (path: string, message: string, hint: string) => report(path, { message, hint });
  if (!isFields(config) || config.kind !== "Config") {
    report("", {
      message: "expected a kubeconfig (kind Config)",
      hint: "give the file that KUBECONFIG names",
    });
    return findings;
  }
  const users = listOf(config.users, "users", lists).map(fieldsOf);
  users.forEach((entry, i) => {
    const user = fieldsOf(entry.user);
    const name = textOf(entry.name);
    if (isFields(user["auth-provider"]))
      checkProvider(user["auth-provider"], `users[${i}].user.auth-provider`, name, report);
    if (isFields(user.exec)) checkExec(user.exec, `users[${i}].user.exec`, name, report);
    if (isFields(user.exec) && isFields(user["auth-provider"]))
      report(`users[${i}].user`, {
        message: `user ${JSON.stringify(name)} has both exec and auth-provider: kubectl refuses it`,
        hint: "remove auth-provider",
      });
  });
  const clusters = listOf(config.clusters, "clusters", lists).map(fieldsOf);
  checkContexts(config, { users, clusters }, report);
  return findings;
}

/**
 * Azure's and Google's were removed in 1.26. That of OIDC only refreshes: without a refresh token it ends with "No valid
 * id-token, and cannot refresh without refresh-token".
 */
function checkProvider(provider: Fields, path: string, name: string, report: Report): void {
  const kind = textOf(provider.name);
  const config = fieldsOf(provider.config);
  const can = kind === "oidc" && textOf(config["refresh-token"]) !== "";
  const why =
    kind === "oidc"
      ? "it cannot log in, only refresh a token that another program wrote into the file"
      : "kubectl has no such provider since 1.26";
  const secret = textOf(config["client-secret"]) === "" ? "" : ", and its client secret lies in the file";
  report(path, {
    code: "iam/no-auth-provider",
    severity: can ? "warning" : "error",
    message: `user ${JSON.stringify(name)} logs in by the auth-provider ${JSON.stringify(kind)}: ${why}${secret}`,
    hint: "use exec: kubectl oidc-login get-token (kubelogin), or ashlar login --exec, as `oidc({ kubectl: … })` writes it",
  });
}

function checkExec(exec: Fields, path: string, name: string, report: Report): void {
  const of = `user ${JSON.stringify(name)}`;
  if (textOf(exec.command) === "")
    report(`${path}.command`, { message: `exec of ${of} has no command`, hint: "write command: kubectl" });
  const version = textOf(exec.apiVersion);
  if (version !== `${EXEC}/v1` && version !== `${EXEC}/v1beta1`)
    report(`${path}.apiVersion`, {
      message: `exec of ${of} has apiVersion ${JSON.stringify(version)}: kubectl knows ${EXEC}/v1 (v1alpha1 is gone since 1.24)`,
      hint: `write ${EXEC}/v1`,
    });
  const mode = exec.interactiveMode;
  if (version === `${EXEC}/v1` && (mode === undefined || mode === ""))
    report(`${path}.interactiveMode`, {
      message: `exec of ${of} has no interactiveMode, which v1 needs`,
      hint: "write interactiveMode: IfAvailable",
    });
  else if (mode !== undefined && mode !== "" && !MODES.includes(textOf(mode)))
    report(`${path}.interactiveMode`, {
      message: `exec of ${of} has interactiveMode ${JSON.stringify(mode)}`,
      hint: suggest(textOf(mode), MODES),
    });
}

/** Contexts may name what another file of KUBECONFIG has: a warning, except for the current one in a file with both lists. */
function checkContexts(
  config: Fields,
  { users, clusters }: { readonly users: readonly Fields[]; readonly clusters: readonly Fields[] },
  report: Report,
): void {
  const contexts = listOf(config.contexts, "contexts", () => undefined).map(fieldsOf);
  const known = { user: namesOf(users), cluster: namesOf(clusters) };
  contexts.forEach((entry, i) => {
    const context = fieldsOf(entry.context);
    for (const what of ["cluster", "user"] as const) {
      const name = textOf(context[what]);
      if (name === "" || known[what].includes(name)) continue;
      report(`contexts[${i}].context.${what}`, {
        severity: "warning",
        message: `context ${JSON.stringify(textOf(entry.name))} names the ${what} ${JSON.stringify(name)}, which this file does not have`,
        hint:
          known[what].length === 0
            ? `add the ${what}, or give the other file beside it in KUBECONFIG`
            : suggest(name, known[what]),
      });
    }
  });
  const current = textOf(config["current-context"]);
  if (current !== "" && !namesOf(contexts).includes(current))
    report("current-context", {
      severity: "warning",
      message: `the current context ${JSON.stringify(current)} is not in this file`,
      hint: suggest(current, namesOf(contexts)),
    });
}

function namesOf(entries: readonly Fields[]): string[] {
  return entries.map(({ name }) => textOf(name)).filter((name) => name !== "");
}
