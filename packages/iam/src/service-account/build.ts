import type { Block, Patch, Resource, Step } from "@ashlar/core";
import { grantClaims } from "../groups/grant-claims.ts";
import { bindingsOf, nameOfServiceAccount } from "../groups/objects.ts";
import { roleWords } from "../groups/role-words.ts";
import type { ServiceAccountIntent } from "./intent.ts";

/** The account, its bindings, its token. Total on a valid intent. */
export function buildServiceAccount(intent: ServiceAccountIntent): Block {
  const { name, namespace, roles, token } = intent;
  const words = roleWords({}, intent.given, false);
  const subject = { kind: "ServiceAccount", name, namespace } as const;
  const account = accountOf(intent);
  const exists = name === "default";
  const isPatched = intent.imagePullSecrets.length > 0 || intent.automount !== undefined;
  return {
    resources: [
      ...(exists ? [] : [account]),
      ...(token === "secret" ? [tokenSecret(name, namespace)] : []),
      ...bindingsOf(nameOfServiceAccount(namespace, name), subject, roles, words),
    ],
    patches: exists && isPatched ? [patchOf(account)] : [],
    documents: [],
    steps: token === "bound" ? [tokenStep(intent)] : [],
    claims: grantClaims(
      { by: "service-account", subject: { kind: "serviceAccount", namespace, name } },
      roles,
      words,
    ),
  };
}

function accountOf({ name, namespace, imagePullSecrets, automount }: ServiceAccountIntent): Resource {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace },
    ...(automount !== undefined && { automountServiceAccountToken: automount }),
    ...(imagePullSecrets.length > 0 && {
      imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
    }),
  };
}

function patchOf(merge: Resource): Patch {
  return { merge, why: "Kubernetes makes the account default in every namespace." };
}

/** The controller of tokens fills it: nothing of the token is in the manifest. */
function tokenSecret(name: string, namespace: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `${name}-token`,
      namespace,
      annotations: { "kubernetes.io/service-account.name": name },
    },
    type: "kubernetes.io/service-account-token",
  };
}

function tokenStep({ name, namespace, tokenDuration }: ServiceAccountIntent): Step {
  return {
    title: `Get a token of ServiceAccount ${namespace}/${name}`,
    argv: ["kubectl", "create", "token", name, `--namespace=${namespace}`, `--duration=${tokenDuration}`],
    why: `Who logs in as ${namespace}/${name} needs a token. It ends after ${tokenDuration}; the server may set a shorter time.`,
    when: "When the token is needed. It is printed and not kept: whoever sees it has the account's rights until it ends.",
    verify: "kubectl auth whoami, run with the token, names the account.",
    undo: `Delete ServiceAccount ${namespace}/${name}: its tokens end with it.`,
  };
}
