import type { Block, Patch, Sealed } from "@ashlar/core";
import { type Login, passwordVariable, sealedLogins } from "../pull-secret/build.ts";
import type { PullsClaim } from "../pulls/claim.ts";
import { formatPullsClaim } from "../pulls/claim.ts";
import { imageHost } from "../pulls/image-host.ts";
import type { RegistriesIntent } from "./intent.ts";

/** Secrets, who uses them, and the promise that it is enough. Total on a valid intent. */
export function buildRegistries(intent: RegistriesIntent): Block {
  const pulls = grants(intent, ({ auth, pullIn, secretName }) => [{ auth, namespaces: pullIn, secretName }]);
  const pushes = grants(intent, ({ push }) =>
    push === undefined ? [] : [{ auth: push.auth, namespaces: push.in, secretName: push.secretName }],
  );
  return {
    resources: [],
    patches: accountPatches(intent),
    sealed: [...secretsOf(pulls, "PASSWORD"), ...secretsOf(pushes, "PUSH_PASSWORD")],
    documents: [],
    steps: [],
    claims: claimsOf(intent),
  };
}

type Registry = RegistriesIntent[string];

interface Grant {
  readonly server: string;
  readonly auth: Registry["auth"];
  readonly namespace: string;
  readonly secretName: string;
}

function grants(
  intent: RegistriesIntent,
  of: (registry: Registry) => readonly {
    readonly auth: Registry["auth"];
    readonly namespaces: readonly string[];
    readonly secretName: string;
  }[],
): Grant[] {
  return Object.entries(intent).flatMap(([server, registry]) =>
    of(registry).flatMap(({ auth, namespaces, secretName }) =>
      namespaces.map((namespace) => ({ server, auth, namespace, secretName })),
    ),
  );
}

/** One Secret for each name and namespace, with the logins of every registry that names it. */
function secretsOf(all: readonly Grant[], variable: "PASSWORD" | "PUSH_PASSWORD"): Sealed[] {
  const secrets = Map.groupBy(all, ({ namespace, secretName }) => `${namespace}/${secretName}`);
  return [...secrets.values()].map((ofOne) => {
    const { secretName: name, namespace } = ofOne[0] as Grant;
    return sealedLogins(
      { name, namespace },
      ofOne.map(
        ({ server, auth }): Login => ({
          server,
          username: auth.username,
          email: auth.email,
          value: server,
          password: auth.password ?? passwordVariable(server, variable),
        }),
      ),
    );
  });
}

/**
 * A ServiceAccount's imagePullSecrets are one value to server-side apply (listType atomic): all Secrets of an account stand in one
 * patch.
 */
function accountPatches(intent: RegistriesIntent): Patch[] {
  const uses = Object.entries(intent).flatMap(([server, { pullIn, secretName, serviceAccounts }]) =>
    pullIn.flatMap((namespace) => serviceAccounts.map((name) => ({ server, namespace, name, secretName }))),
  );
  const accounts = Map.groupBy(uses, ({ namespace, name }) => `${namespace}/${name}`);
  return [...accounts.values()].map((ofOne) => {
    const { namespace, name } = ofOne[0] as (typeof uses)[number];
    const secrets = [...new Set(ofOne.map(({ secretName }) => secretName))];
    const servers = [...new Set(ofOne.map(({ server }) => imageHost(server)))];
    return {
      merge: {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name, namespace },
        imagePullSecrets: secrets.map((secret) => ({ name: secret })),
      },
      why: `Pods of ServiceAccount ${namespace}/${name} that name no imagePullSecrets pull from ${servers.join(" and ")} with these.`,
    };
  });
}

function claimsOf(intent: RegistriesIntent): PullsClaim[] {
  return Object.entries(intent).flatMap(([server, { pullIn, serviceAccounts }]) =>
    pullIn.flatMap((namespace) =>
      serviceAccounts.map((account) =>
        formatPullsClaim({
          by: "registries",
          puller:
            account === "default"
              ? { kind: "namespaces", name: namespace, namespaces: [namespace] }
              : { kind: "serviceAccount", namespace, name: account },
          what: { registry: imageHost(server) },
        }),
      ),
    ),
  );
}
