import {
  type Finding,
  findingAbout,
  formatPath,
  type Inventory,
  type PodTemplate,
  type Rule,
} from "@ashlar/core";
import { namedRegistry } from "../image/parse-image.ts";
import type { PullsModel } from "../pulls/model.ts";
import { imagesOf, pullingPod, pullsFrom, type TemplateImage } from "../pulls/pull-verdict.ts";
import { setPulls } from "./set-pulls.ts";

const CODE = "registry/no-unqualified-image";

/**
 * An image that names no registry, so that kubelet asks Docker Hub, where the set shows that another one is meant: the same path is
 * pulled from a registry elsewhere, its first part is the name of one, or the pod's own pull secrets are for none of its images.
 */
export const noUnqualifiedImage: Rule = {
  code: CODE,
  check(inventory) {
    const model = setPulls(inventory);
    const named = namedImages(model);
    if (named.paths.size === 0 && model.secrets.length === 0) return [];
    return model.templates.flatMap((template) =>
      imagesOf(template).flatMap((image) => {
        const says =
          namedRegistry(image.text) === undefined ? meant(model, template, image, named) : undefined;
        return says === undefined ? [] : [finding(inventory, template, image, says)];
      }),
    );
  },
};

interface NamedImages {
  /** Path of an image → the first registry that one is pulled from. */
  readonly paths: ReadonlyMap<string, string>;
  /** First label of a registry's host → the registry. */
  readonly hosts: ReadonlyMap<string, string>;
}

interface Meaning {
  readonly why: string;
  readonly hint: string;
}

function namedImages({ templates, secrets }: PullsModel): NamedImages {
  const paths = new Map<string, string>();
  const hosts = new Map<string, string>();
  const addHost = (registry: string) => {
    const label = registry.split(/[.:]/, 1)[0] ?? "";
    if (label !== "" && label !== "docker" && label !== "index" && !hosts.has(label))
      hosts.set(label, registry);
  };
  for (const image of templates.flatMap(imagesOf)) {
    if (namedRegistry(image.text) === undefined || image.registry === "docker.io") continue;
    if (!paths.has(image.repository)) paths.set(image.repository, image.registry);
    addHost(image.registry);
  }
  for (const { content } of secrets)
    if (content.state === "read")
      for (const { server } of content.credentials) addHost(server.replace(/^https?:\/\//, ""));
  return { paths, hosts };
}

function meant(
  model: PullsModel,
  template: PodTemplate,
  { text, repository }: TemplateImage,
  { paths, hosts }: NamedImages,
): Meaning | undefined {
  const plain = repository.startsWith("library/") ? repository.slice("library/".length) : repository;
  const elsewhere = paths.get(plain) ?? paths.get(repository);
  if (elsewhere !== undefined)
    return { why: `another pod pulls ${plain} from ${elsewhere}`, hint: `write ${elsewhere}/${text}` };
  const host = plain.includes("/") ? hosts.get(plain.split("/", 1)[0] ?? "") : undefined;
  if (host !== undefined)
    return {
      why: `a first part without dot and port is no host`,
      hint: `write ${host}/${text.slice(text.indexOf("/") + 1)}`,
    };
  if (!hasIdleSecrets(model, template)) return undefined;
  return {
    why: "the pod's own imagePullSecrets are for none of its images",
    hint: `write the registry before it, or docker.io/${text} and no imagePullSecrets`,
  };
}

/** Whether a pod names pull secrets that are all known and never used. */
function hasIdleSecrets(model: PullsModel, template: PodTemplate): boolean {
  const pod = pullingPod(template);
  if ((pod.imagePullSecrets ?? []).length === 0) return false;
  return imagesOf(template).every(
    ({ registry, repository }) => pullsFrom(model, pod, `${registry}/${repository}`).outcome === "none",
  );
}

function finding(
  { locate }: Inventory,
  { owner }: PodTemplate,
  { text, repository, path }: TemplateImage,
  { why, hint }: Meaning,
): Finding {
  return findingAbout(owner, locate, {
    code: CODE,
    severity: "warning",
    message: `${text} names no registry, so kubelet asks for docker.io/${repository}; ${why}`,
    hint,
    path: formatPath(path),
  });
}
