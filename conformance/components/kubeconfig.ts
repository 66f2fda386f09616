/** A server as a client finds it. */
export interface Endpoint {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  /** The certificate to trust, PEM. */
  readonly ca: string;
}

/** A program that prints an ExecCredential, as `users[].user.exec` of a kubeconfig names it. */
export interface CredentialPlugin {
  readonly command: string;
  readonly args?: readonly string[];
}

/** The text of a kubeconfig (JSON, which is YAML) for one server and one identity: a bearer token or a credential plugin. */
export function kubeconfigText({ url, ca }: Endpoint, credential: string | CredentialPlugin): string {
  const cluster = { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  const user = typeof credential === "string" ? { token: credential } : { exec: execOf(credential) };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "conformance", cluster }],
    users: [{ name: "conformance", user }],
    contexts: [{ name: "conformance", context: { cluster: "conformance", user: "conformance" } }],
    "current-context": "conformance",
  });
}

function execOf({ command, args = [] }: CredentialPlugin) {
  return { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command, args };
}
