import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Resource } from "@ashlar/core";
import { selfSignedCertificate } from "./certificate.ts";
import type { ControlPlane } from "./control-plane.ts";

/** What the server asks a webhook, as far as a predicate looks. */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly name?: string;
  readonly namespace?: string;
  readonly dryRun?: boolean;
  readonly userInfo: { readonly username: string };
  /** `null` when it is deleted. */
  readonly object: Resource | null;
}

export interface AdmissionWebhookOptions {
  /** Which requests it is asked about; every create and update of every kind by default. */
  readonly rules?: readonly {
    readonly operations: readonly (AdmissionRequest["operation"] | "*")[];
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly resources: readonly string[];
  }[];
  /** What holds when it does not answer; `Fail` by default, as the server has it. */
  readonly failurePolicy?: "Fail" | "Ignore";
}

export interface AdmissionWebhook {
  /** `ashlar-….test`: in the message of the server when it refuses. */
  readonly name: string;
  /** Takes its configuration from the server and ends. */
  readonly close: () => Promise<void>;
}

const CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const EVERYTHING = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["*"],
  apiVersions: ["*"],
  resources: ["*"],
} as const;
const SETTLED_MS = 20_000;

/**
 * A webhook on the loopback address that refuses objects, registered with the server; it holds when this resolves. It has no
 * side effects, so dry runs ask it too.
 *
 * @param refuse the message for an object that is refused
 * @example const webhook = await admissionWebhook(plane, ({ name }) => (name === "bad" ? "not this one" : undefined));
 */
export async function admissionWebhook(
  plane: Pick<ControlPlane, "create" | "dryRun" | "send" | "folder">,
  refuse: (request: AdmissionRequest) => string | undefined,
  { rules = [EVERYTHING], failurePolicy = "Fail" }: AdmissionWebhookOptions = {},
): Promise<AdmissionWebhook> {
  const id = `ashlar-${randomUUID().slice(0, 8)}`;
  const { keyFile, certificate } = await selfSignedCertificate(join(plane.folder, id));
  const server = createServer({ key: await readFile(keyFile), cert: certificate }, async (from, to) => {
    const { request } = JSON.parse(await textOf(from)) as { request: AdmissionRequest & { uid: string } };
    const message = from.url?.startsWith("/probe") ? "probed" : refuse(request);
    const response = {
      uid: request.uid,
      allowed: message === undefined,
      ...(message !== undefined && { status: { code: 403, reason: "Forbidden", message } }),
    };
    to.writeHead(200, { "content-type": "application/json" });
    to.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    await plane.send("DELETE", `${CONFIGURATIONS}/${id}`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const webhook = (name: string, path: string) => ({
    name: `${name}.${id}.test`,
    clientConfig: {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
      caBundle: Buffer.from(certificate).toString("base64"),
    },
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    timeoutSeconds: 5,
  });
  const labels = { [`${id}.test/probe`]: "yes" };
  const configuration = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: id },
    webhooks: [
      { ...webhook("refuse", "/refuse"), rules, failurePolicy },
      // Refuses one ConfigMap that nobody else has, which tells when the server has heard of us.
      { ...webhook("probe", "/probe"), rules: [EVERYTHING], objectSelector: { matchLabels: labels } },
    ],
  };
  try {
    const made = await plane.create(configuration, { fieldValidation: "Strict" });
    if (!made.accepted) throw new Error(`the webhook cannot be registered: ${made.status.message}`);
    const probe = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: id, namespace: "default", labels },
    };
    for (const deadline = Date.now() + SETTLED_MS; ; await sleep(50)) {
      const answer = await plane.dryRun(probe);
      if (!answer.accepted && /probed/.test(answer.status.message)) break;
      if (Date.now() > deadline)
        throw new Error(`the server did not ask the webhook in ${SETTLED_MS / 1000} s`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { name: `refuse.${id}.test`, close };
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}
