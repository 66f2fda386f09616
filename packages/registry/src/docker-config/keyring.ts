import { toBytes } from "./byte-string.ts";
import { parseCredentialUrl, splitPort } from "./credential-url.ts";
import type { DockerCredential } from "./read-docker-config.ts";

/** Credentials in the order in which kubelet tries them: for longer server names first. */
export interface Keyring<Source> {
  readonly entries: readonly KeyringEntry<Source>[];
}

interface KeyringEntry<Source> {
  /** Host and path without scheme, a byte string. */
  readonly key: string;
  readonly parts: ServerParts | undefined;
  readonly credential: DockerCredential;
  readonly source: Source;
}

interface ServerParts {
  /** The host's labels. */
  readonly labels: readonly string[];
  readonly port: string;
  readonly path: string;
}

/** A credential that kubelet tries for an image, and what brought it. */
export interface FoundCredential<Source> {
  readonly credential: DockerCredential;
  readonly source: Source;
}

const HUB_KEY = "index.docker.io";

/**
 * Puts the credentials of several Docker configurations together as kubelet does
 * (k8s.io/kubernetes 1.36.3, pkg/credentialprovider/keyring.go). A server whose name it cannot read is left out.
 *
 * @param configs each with what it came from, such as the name of its Secret
 */
export function dockerKeyring<Source>(
  configs: readonly { readonly source: Source; readonly credentials: readonly DockerCredential[] }[],
): Keyring<Source> {
  const entries = configs.flatMap(({ source, credentials }) =>
    credentials.flatMap((credential): KeyringEntry<Source>[] => {
      const key = keyOf(credential.server);
      return key === undefined ? [] : [{ key, parts: partsOf(key), credential, source }];
    }),
  );
  return { entries: inOrder(entries) };
}

/** Several keyrings as one: what `dockerKeyring` makes of all their configurations. */
export function joinKeyrings<Source>(keyrings: readonly Keyring<Source>[]): Keyring<Source> {
  const [first] = keyrings;
  if (first !== undefined && keyrings.length === 1) return first;
  return { entries: inOrder(keyrings.flatMap(({ entries }) => entries)) };
}

function inOrder<Source>(entries: KeyringEntry<Source>[]): KeyringEntry<Source>[] {
  return entries.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
}

/**
 * The credentials that kubelet tries for an image, in its order; among servers that are written in two ways (with and without
 * `https://`) the order is Go's, by chance.
 *
 * Host labels may be globs (`*.example.com`), the port must be equal, the path must begin as the server's. Credentials of
 * `https://index.docker.io/v1/` stand for Docker Hub when no other is found.
 *
 * @param repository the image's registry and path, without tag and digest: `docker.io/library/busybox`
 */
export function lookUpCredentials<Source>(
  keyring: Keyring<Source>,
  repository: string,
): readonly FoundCredential<Source>[] {
  const image = partsOf(toBytes(repository));
  const found = keyring.entries.filter(
    ({ parts }) => image !== undefined && parts !== undefined && matches(parts, image),
  );
  if (found.length > 0 || !isHub(repository)) return found;
  return keyring.entries.filter(({ key }) => key === HUB_KEY);
}

/** The name under which kubelet keeps a server: host and path, a byte string. `undefined`: it cannot read it. */
export function keyOf(server: string): string | undefined {
  const bytes = toBytes(server);
  const url = parseCredentialUrl(/^https?:\/\//.test(bytes) ? bytes : `https://${bytes}`);
  if (url === undefined) return undefined;
  const path = /^\/v[12]\//.test(url.path) ? url.path.slice(3) : url.path;
  return path === "/" ? url.host : url.host + path;
}

function partsOf(key: string): ServerParts | undefined {
  const url = parseCredentialUrl(`https://${key}`);
  if (url === undefined) return undefined;
  const { name, port } = splitPort(url.host);
  return { labels: name.split("."), port, path: url.path };
}

function matches(server: ServerParts, image: ServerParts): boolean {
  return (
    server.port === image.port &&
    server.labels.length === image.labels.length &&
    image.path.startsWith(server.path) &&
    server.labels.every((glob, i) => matchesLabel(glob, image.labels[i] ?? ""))
  );
}

/** Go's `filepath.Match`, of which a host can hold `*` alone, and one class: an IPv6 address in brackets without a port. */
function matchesLabel(glob: string, label: string): boolean {
  if (glob.startsWith("[")) {
    const isClass = glob.indexOf("]", 2) === glob.length - 1;
    return isClass && label.length === 1 && glob.slice(1, -1).includes(label);
  }
  let [g, l, star, resume] = [0, 0, -1, 0];
  while (l < label.length) {
    if (glob[g] === "*") {
      star = g++;
      resume = l;
    } else if (g < glob.length && glob[g] === label[l]) {
      g++;
      l++;
    } else if (star >= 0) {
      g = star + 1;
      l = ++resume;
    } else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

/** Whether the image is of Docker Hub: its first part is the hub's, or no host at all. */
function isHub(repository: string): boolean {
  const slash = repository.indexOf("/");
  const first = slash < 0 ? repository : repository.slice(0, slash);
  if (first === "") return false;
  return slash < 0 || first === "docker.io" || first === HUB_KEY || !/[.:]/.test(first);
}
