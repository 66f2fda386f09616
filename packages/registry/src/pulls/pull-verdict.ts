import { fieldsOf, listOf, type PodTemplate, type ResourceRef, textOf } from "@ashlar/core";
import { joinKeyrings, lookUpCredentials } from "../docker-config/keyring.ts";
import { parseImage } from "../image/parse-image.ts";
import { type KnownSecret, namesOf, type PullsModel } from "./model.ts";

/** Who pulls: a pod's own list of pull secrets, or, where that is empty, its ServiceAccount's. */
export interface PullingPod {
  readonly namespace: string;
  /** Default: `default`. */
  readonly serviceAccount?: string;
  /** Names in the pod's own `imagePullSecrets`; an empty name is none, and keeps the account's away all the same. Default: none. */
  readonly imagePullSecrets?: readonly string[];
}

/**
 * Whether a credential for an image is found. `pulls`: the first that kubelet tries (whether the registry takes its password is
 * another question). `none`: none is for the image. `fails`: a Secret cannot be read, so kubelet pulls nothing for the pod.
 * `unknown`: a Secret or ServiceAccount that would say it is not in the set.
 */
export type PullVerdict = {
  /** The Secrets that were looked at, in their order. */
  readonly secrets: readonly KnownSecret[];
  /** Whose list it was. */
  readonly from: "pod" | "serviceAccount";
} & (
  | {
      readonly outcome: "pulls";
      readonly server: string;
      readonly username: string;
      readonly secret: ResourceRef;
    }
  | { readonly outcome: "none" }
  | { readonly outcome: "fails"; readonly secret: ResourceRef; readonly reason: string }
  /** `missing`: what the set does not say, for people. */
  | { readonly outcome: "unknown"; readonly missing: string }
);

/**
 * The credential that a pod pulls an image with.
 *
 * @param repository registry and path of the image, without tag: `registry.example.com/team/api`; with nothing after the slash
 *   (`registry.example.com/`) a credential must be for every image of the registry
 * @example pullsFrom(pullsModel(resources), { namespace: "dev" }, "registry.k8s.strix.kr/api").outcome // "pulls"
 */
export function pullsFrom(model: PullsModel, pod: PullingPod, repository: string): PullVerdict {
  const { namespace, serviceAccount = "default", imagePullSecrets = [] } = pod;
  const account = imagePullSecrets.length > 0 ? undefined : model.account(namespace, serviceAccount);
  const names = (account?.names ?? imagePullSecrets).filter((name) => name !== "");
  const known = names.map((name) => ({ name, secret: model.secret(namespace, name) }));
  const secrets = known.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
  const base = { secrets, from: account === undefined ? "pod" : "serviceAccount" } as const;
  for (const { ref, content } of secrets)
    if (content.state === "broken") {
      const where = content.server === undefined ? "" : ` for ${content.server}`;
      return { ...base, outcome: "fails", secret: ref, reason: `${content.reason}${where}` };
    }
  const found = lookUpCredentials(joinKeyrings(secrets.map(({ keyring }) => keyring)), repository).find(
    ({ credential }) => credential.username !== "" || credential.password !== "",
  );
  if (found !== undefined) {
    const { server, username } = found.credential;
    return { ...base, outcome: "pulls", server, username, secret: found.source };
  }
  const absent = known.find(({ secret }) => secret === undefined || secret.content.state === "unknown");
  if (absent !== undefined) {
    const has = absent.secret === undefined ? "is not in the set" : "has its data elsewhere";
    return { ...base, outcome: "unknown", missing: `Secret ${place(namespace, absent.name)} ${has}` };
  }
  if (account !== undefined && !account.isComplete)
    return {
      ...base,
      outcome: "unknown",
      missing: `not all imagePullSecrets of ServiceAccount ${place(namespace, serviceAccount)} are in the set`,
    };
  return { ...base, outcome: "none" };
}

/** The pod of a template, as admission leaves it. */
export function pullingPod({ namespace, spec }: PodTemplate): PullingPod {
  return {
    namespace: namespace ?? "",
    serviceAccount: textOf(spec.serviceAccountName) || textOf(spec.serviceAccount) || "default",
    imagePullSecrets: namesOf(spec.imagePullSecrets),
  };
}

/** An image that a pod's template names. */
export interface TemplateImage {
  /** As written. */
  readonly text: string;
  readonly registry: string;
  readonly repository: string;
  /** Where it stands in the owner. */
  readonly path: readonly (string | number)[];
}

/** The images that kubelet pulls for a pod: of containers and of image volumes, but for those that it never pulls. */
export function imagesOf({ containers, spec, path }: PodTemplate): TemplateImage[] {
  const places = [
    ...containers.map(({ fields, path: at }) => ({
      text: fields.image,
      policy: fields.imagePullPolicy,
      path: [...at, "image"],
    })),
    ...listOf(spec.volumes).map((volume, i) => {
      const { reference, pullPolicy } = fieldsOf(fieldsOf(volume).image);
      return {
        text: reference,
        policy: pullPolicy,
        path: [...path, "spec", "volumes", i, "image", "reference"],
      };
    }),
  ];
  return places.flatMap(({ text, policy, path: at }): TemplateImage[] => {
    if (typeof text !== "string" || policy === "Never") return [];
    const parsed = parseImage(text);
    if (!parsed.ok) return [];
    const { registry, repository } = parsed.value;
    return [{ text, registry, repository, path: at }];
  });
}

function place(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}
