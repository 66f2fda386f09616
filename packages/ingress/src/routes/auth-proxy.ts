import { type Fields, fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import type { Workload } from "./workloads.ts";

/** A reverse proxy that asks for a login before it passes requests on. */
export interface AuthProxy {
  /** gogatekeeper, louketo-proxy, keycloak-gatekeeper and keycloak-proxy have one ancestor, and its flags. */
  readonly flavour: "oauth2-proxy" | "gatekeeper";
  /** The image's own name: `gatekeeper`, `keycloak-proxy`. */
  readonly name: string;
  readonly workload: Workload;
  /** Field path of the container. */
  readonly path: string;
  /** Values of an option from its flags, else its variable; a flag without a value has the value `true`. */
  readonly option: (flag: string, variable?: string) => readonly string[];
  /** Some of its options are in a file, or in variables that are not in the set. */
  readonly hasMore: boolean;
}

const IMAGES: Readonly<Record<string, AuthProxy["flavour"]>> = {
  "oauth2-proxy": "oauth2-proxy",
  oauth2_proxy: "oauth2-proxy",
  gatekeeper: "gatekeeper",
  gogatekeeper: "gatekeeper",
  "keycloak-gatekeeper": "gatekeeper",
  "keycloak-proxy": "gatekeeper",
  "louketo-proxy": "gatekeeper",
};

/** The auth proxy among the containers of a workload: by its image, and by having an upstream or a discovery URL. */
export function authProxyOf(workload: Workload): AuthProxy | undefined {
  const containers = listOf(workload.spec.containers).map(fieldsOf);
  for (const [i, container] of containers.entries()) {
    const name = imageName(textOf(container.image));
    const flavour = flavourOf(container, name);
    if (flavour === undefined) continue;
    return { flavour, name, workload, path: `${workload.path}.containers[${i}]`, ...optionsOf(container) };
  }
  return undefined;
}

/** Whether a set has an auth proxy at all, before anything is made of the set. */
export function hasAuthProxy(resources: readonly unknown[]): boolean {
  return resources.some((resource) => {
    const { spec, items } = fieldsOf(resource);
    if (Array.isArray(items)) return hasAuthProxy(items);
    const { containers, template } = fieldsOf(spec);
    return [...listOf(containers), ...listOf(fieldsOf(fieldsOf(template).spec).containers)].some(
      (container) => flavourOf(fieldsOf(container)) !== undefined,
    );
  });
}

function flavourOf({ image }: Fields, name = imageName(textOf(image))): AuthProxy["flavour"] | undefined {
  // Open Policy Agent's admission webhook is a gatekeeper too.
  if (!Object.hasOwn(IMAGES, name) || textOf(image).includes("openpolicyagent")) return undefined;
  return IMAGES[name];
}

/** `registry.example.test:5000/a/b:1@sha256:…` → `b` */
function imageName(image: string): string {
  const path = image.split("@")[0]!;
  return path.slice(path.lastIndexOf("/") + 1).split(":")[0]!;
}

function optionsOf(container: Fields): Pick<AuthProxy, "option" | "hasMore"> {
  const flags = readFlags([...textsOf(container.command), ...textsOf(container.args)]);
  const env = new Map<string, string>();
  for (const value of listOf(container.env)) {
    const entry = fieldsOf(value);
    if (typeof entry.value === "string") env.set(textOf(entry.name), entry.value);
  }
  const option = (flag: string, variable?: string) => {
    const given = flags.get(flag);
    if (given !== undefined) return given;
    const text = variable === undefined ? undefined : env.get(variable);
    return text === undefined ? [] : [text];
  };
  const files = ["config", "alpha-config"].some((flag) => flags.has(flag));
  return { option, hasMore: files || listOf(container.envFrom).length > 0 };
}

/** `--name=value`, `--name value`, `-name=value`; a flag that stands several times has several values. */
function readFlags(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const flags = new Map<string, string[]>();
  words.forEach((word, i) => {
    const match = /^--?([a-zA-Z][\w-]*)(?:=([\s\S]*))?$/.exec(word);
    if (match === null) return;
    const next = words[i + 1];
    const value = match[2] ?? (next === undefined || next.startsWith("-") ? "true" : next);
    const name = match[1]!.replaceAll("_", "-");
    const list = flags.get(name);
    if (list) list.push(value);
    else flags.set(name, [value]);
  });
  return flags;
}
