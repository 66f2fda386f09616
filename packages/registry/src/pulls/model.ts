import {
  fieldsOf,
  listOf,
  type PodTemplate,
  podTemplateOf,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
  type Sealed,
  seal,
  textOf,
} from "@ashlar/core";
import { decodeBase64 } from "../docker-config/base64.ts";
import { fromBytes } from "../docker-config/byte-string.ts";
import { dockerKeyring, type Keyring } from "../docker-config/keyring.ts";
import {
  type DockerConfigFormat,
  type DockerCredential,
  readDockerConfig,
} from "../docker-config/read-docker-config.ts";

export interface PullsModelOptions {
  /** Secrets without their data: which servers they are for is known, the passwords are not. */
  readonly sealed?: readonly Sealed[];
  /** Objects that are there as a patch alone: what they do not say is unknown. */
  readonly partial?: readonly ResourceRef[];
  /** Whether the set holds all that it refers to: a ServiceAccount `default` that is not in it then has no pull secrets. */
  readonly whole?: boolean;
}

/** What kubelet reads from a Secret. `other`: no Docker configuration, which it passes over. */
export type SecretContent =
  | { readonly state: "read"; readonly credentials: readonly DockerCredential[] }
  | { readonly state: "broken"; readonly reason: string; readonly server?: string }
  | { readonly state: "other" }
  | { readonly state: "unknown" };

export interface KnownSecret {
  readonly ref: ResourceRef;
  readonly resource: Resource;
  readonly content: SecretContent;
  /** Its logins, ready to be looked up; none when they are not known. */
  readonly keyring: Keyring<ResourceRef>;
}

/** The pull secrets that a ServiceAccount gives to its pods. */
export interface KnownAccount {
  readonly names: readonly string[];
  /** `false`: it may have others. */
  readonly isComplete: boolean;
}

/** Answers which credentials pods pull with. */
export interface PullsModel {
  readonly templates: readonly PodTemplate[];
  /** Secrets that hold a Docker configuration, or may. */
  readonly secrets: readonly KnownSecret[];
  readonly secret: (namespace: string, name: string) => KnownSecret | undefined;
  readonly account: (namespace: string, name: string) => KnownAccount;
}

/** The types of Secrets that kubelet reads credentials from, and the key of each. */
const DOCKER_SECRETS: ReadonlyMap<string, DockerConfigFormat> = new Map([
  ["kubernetes.io/dockerconfigjson", "dockerconfigjson"],
  ["kubernetes.io/dockercfg", "dockercfg"],
]);

/**
 * A model of what pods pull images with: their `imagePullSecrets`, else those of their ServiceAccount, and what is in them.
 * Credentials of nodes (kubelet's own, credential providers of clouds) are not in manifests, so not in the model.
 *
 * Source: Kubernetes 1.36.3, plugin/pkg/admission/serviceaccount, pkg/kubelet/images, pkg/credentialprovider.
 *
 * @param resources the set, patches merged
 */
export function pullsModel(resources: readonly Resource[], options: PullsModelOptions = {}): PullsModel {
  const partial = new Set((options.partial ?? []).map(refKey));
  const isPartial = (resource: Resource) => partial.has(refKey(refOf(resource)));
  const secrets = new Map<string, KnownSecret>();
  const accounts = new Map<string, KnownAccount>();
  for (const resource of resources) {
    if (resource.apiVersion !== "v1") continue;
    const ref = refOf(resource);
    const key = `${ref.namespace ?? ""}/${ref.name}`;
    if (resource.kind === "Secret") secrets.set(key, knownSecret(resource, isPartial(resource)));
    else if (resource.kind === "ServiceAccount")
      accounts.set(key, { names: namesOf(resource.imagePullSecrets), isComplete: !isPartial(resource) });
  }
  for (const secret of (options.sealed ?? []).flatMap(standIn)) {
    const { namespace, name } = secret.metadata;
    secrets.set(`${namespace ?? ""}/${name}`, knownSecret(secret, false));
  }
  const unknown = (name: string): KnownAccount => ({
    names: [],
    isComplete: name === "default" && options.whole === true,
  });
  return {
    templates: resources.map(podTemplateOf).filter((template) => template !== undefined),
    secrets: [...secrets.values()].filter(({ content }) => content.state !== "other"),
    secret: (namespace, name) => secrets.get(`${namespace}/${name}`),
    account: (namespace, name) => accounts.get(`${namespace}/${name}`) ?? unknown(name),
  };
}

function knownSecret(resource: Resource, isPartial: boolean): KnownSecret {
  const ref = refOf(resource);
  const content = contentOf(resource, isPartial);
  const credentials = content.state === "read" ? content.credentials : [];
  return { ref, resource, content, keyring: dockerKeyring([{ source: ref, credentials }]) };
}

/** The names in a list of references. Empty ones are none to kubelet, but count for admission. */
export function namesOf(references: unknown): string[] {
  return listOf(references).map((reference) => textOf(fieldsOf(reference).name));
}

/** What kubelet reads from a Secret of the set. Fields of `stringData` come before those of `data`, as in the API server. */
function contentOf(secret: Resource, isPartial: boolean): SecretContent {
  const type = textOf(secret.type);
  const format = DOCKER_SECRETS.get(type);
  if (format === undefined) return { state: isPartial && type === "" ? "unknown" : "other" };
  const key = `.${format}`;
  const plain = fieldsOf(secret.stringData)[key];
  const encoded = fieldsOf(secret.data)[key];
  const text = typeof plain === "string" ? plain : decoded(encoded);
  if (text === undefined) return { state: isPartial || encoded !== undefined ? "unknown" : "other" };
  if (text === "") return { state: "other" };
  const read = readDockerConfig(text, format);
  if (read.ok) return { state: "read", credentials: read.credentials };
  const { reason, server } = read;
  return { state: "broken", reason, ...(server !== undefined && { server }) };
}

function decoded(value: unknown): string | undefined {
  const bytes = typeof value === "string" ? decodeBase64(value) : undefined;
  return bytes === undefined ? undefined : fromBytes(bytes);
}

/** The Secret with other values than the real ones: its servers are those that it will have. */
function standIn(sealed: Sealed): Resource[] {
  if (!DOCKER_SECRETS.has(sealed.type)) return [];
  return [seal(sealed, Object.fromEntries(Object.keys(sealed.values).map((name) => [name, "stand-in"])))];
}
