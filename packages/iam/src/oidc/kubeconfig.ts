import { type Document, type Step, unwrap, writeYamlValue } from "@ashlar/core";
import { type OidcInput, type OidcIntent, readOidcIntent } from "./intent.ts";

type Kubectl = NonNullable<OidcIntent["kubectl"]>;

const API_VERSION = "client.authentication.k8s.io/v1";

/**
 * A kubeconfig whose user `CLUSTER-oidc` logs in by an exec credential plugin, with a context of the same name. It holds no
 * secret: the client is a public one, or kubelogin asks with PKCE. Without `kubectl.server` it has no cluster, and is meant
 * to stand beside the kubeconfig that has it (`KUBECONFIG=a:b`).
 *
 * @throws {IntentError} when the intent is not valid, or has no `kubectl`
 */
export function kubeconfig(
  input: OidcInput & { readonly kubectl: NonNullable<OidcInput["kubectl"]> },
): Document {
  const intent = unwrap("iam/oidc", readOidcIntent(input));
  return kubeconfigDocument(intent, intent.kubectl ?? { cluster: "", login: "oidc-login", scopes: [] });
}

/** Path and text of the kubeconfig. */
export function kubeconfigDocument(intent: OidcIntent, kubectl: Kubectl): Document {
  const name = nameOf(kubectl);
  const cluster = {
    ...(kubectl.server !== undefined && { server: kubectl.server }),
    ...(kubectl.certificateAuthorityData !== undefined && {
      "certificate-authority-data": kubectl.certificateAuthorityData,
    }),
  };
  const [command, ...args] = pluginOf(intent, kubectl);
  const exec = { apiVersion: API_VERSION, command, args, interactiveMode: "IfAvailable" };
  const context = {
    cluster: kubectl.cluster,
    user: name,
    ...(kubectl.namespace !== undefined && { namespace: kubectl.namespace }),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    ...(kubectl.server !== undefined && { clusters: [{ name: kubectl.cluster, cluster }] }),
    users: [{ name, user: { exec } }],
    contexts: [{ name, context }],
    "current-context": name,
  };
  return { path: `kubeconfig/${fileName(name)}.yaml`, text: writeYamlValue(config) };
}

/** The same as commands that change the kubeconfig at hand. */
export function kubectlSteps(intent: OidcIntent, kubectl: Kubectl): Step[] {
  const name = nameOf(kubectl);
  const [command, ...args] = pluginOf(intent, kubectl);
  const set = ["kubectl", "config"] as const;
  const exec = [
    `--exec-api-version=${API_VERSION}`,
    "--exec-interactive-mode=IfAvailable",
    `--exec-command=${command}`,
    ...args.map((argument) => `--exec-arg=${argument}`),
  ];
  const namespace = kubectl.namespace === undefined ? [] : [`--namespace=${kubectl.namespace}`];
  return [
    {
      title: `Log in to ${kubectl.cluster} through ${intent.issuer}`,
      argv: [...set, "set-credentials", name, ...exec],
      why: "kubectl asks the program for a token when it needs one; the auth-provider of 2018 can no longer log in.",
      when: "Any time; it changes the kubeconfig of who runs it.",
      verify: `kubectl --context=${name} auth whoami names the user and the groups of the token.`,
      undo: `kubectl config delete-user ${name}`,
    },
    {
      title: `Add the context ${name}`,
      argv: [...set, "set-context", name, `--cluster=${kubectl.cluster}`, `--user=${name}`, ...namespace],
      why: "The context joins the cluster with the user that logs in.",
      when: `After the user ${name} is there.`,
      verify: `kubectl config get-contexts ${name} prints it.`,
      undo: `kubectl config delete-context ${name}`,
    },
  ];
}

function nameOf({ cluster }: Kubectl): string {
  return `${cluster}-oidc`;
}

/** Command and arguments of the credential plugin. */
function pluginOf(intent: OidcIntent, { login, scopes }: Kubectl): readonly [string, ...string[]] {
  const parts = [
    `--oidc-issuer-url=${intent.issuer}`,
    `--oidc-client-id=${intent.clientId}`,
    ...scopes.map((scope) => `--oidc-extra-scope=${scope}`),
  ];
  if (login === "oidc-login") return ["kubectl", "oidc-login", "get-token", ...parts];
  return [
    "ashlar",
    "login",
    "--exec",
    ...[
      `--issuer=${intent.issuer}`,
      `--client-id=${intent.clientId}`,
      ...scopes.map((scope) => `--scope=${scope}`),
    ],
  ];
}

/** A name of any letters as the name of one file. */
function fileName(name: string): string {
  const safe = name.replace(
    /[^\w.@-]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return safe.replace(/^\./, "%2e");
}
