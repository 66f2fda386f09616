import { type Finding, imageProblem, type Result } from "@ashlar/core";

/** A reference of an image, complete: what kubelet asks which registry for. */
export interface Image {
  /** Host, with its port where the reference has one: `registry.example.com:5000`; `docker.io` when it names none. */
  readonly registry: string;
  /** The path in the registry: `library/busybox`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…`. It decides when there is a tag too. */
  readonly digest?: string;
}

const HUB = "docker.io";
const OLD_HUB = "index.docker.io";
const OFFICIAL = "library/";

/**
 * Reads a reference of an image as kubelet does: `busybox` is `docker.io/library/busybox`.
 *
 * A text that is no reference gives one finding `core/valid-image`. Whether the image exists is another question.
 *
 * A host with an underscore (`a_b.test/api`) is part of the path to the grammar; who pulls asks that host, so it is the registry here.
 *
 * Source: `ParseNormalizedNamed` of github.com/distribution/reference 0.6.0, which kubelet 1.36.3 calls (pkg/util/parsers).
 *
 * @param path field path for the finding: `spec.containers[0].image`
 * @example parseImage("registry.k8s.strix.kr/api:1.2")
 * // { ok: true, value: { registry: "registry.k8s.strix.kr", repository: "api", tag: "1.2" } }
 */
export function parseImage(text: string, path = ""): Result<Image> {
  const problem = imageProblem(text);
  if (problem === undefined) return { ok: true, value: partsOf(text) };
  const finding: Finding = {
    code: "core/valid-image",
    severity: "error",
    message: problem.message,
    hint: problem.hint,
    path,
  };
  return { ok: false, findings: [finding] };
}

/** The complete text of a reference; `parseImage` gives the same parts again. */
export function formatImage({ registry, repository, tag, digest }: Image): string {
  const tagged = tag === undefined ? "" : `:${tag}`;
  return `${registry}/${repository}${tagged}${digest === undefined ? "" : `@${digest}`}`;
}

/**
 * What kubelet asks for: with registry and path, and the tag `latest` where there is neither tag nor digest.
 *
 * @example normalizeImage("busybox") // { ok: true, value: "docker.io/library/busybox:latest" }
 */
export function normalizeImage(text: string): Result<string> {
  const parsed = parseImage(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const moves = value.tag === undefined && value.digest === undefined;
  return { ok: true, value: formatImage(moves ? { ...value, tag: "latest" } : value) };
}

/** What an image's text says of its registry: the part before the first slash, when that is a host. */
export function namedRegistry(text: string): string | undefined {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  return /[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first ? first : undefined;
}

function partsOf(text: string): Image {
  const named = namedRegistry(text);
  const registry = named === undefined || named === OLD_HUB ? HUB : named;
  const rest = named === undefined ? text : text.slice(named.length + 1);
  const at = rest.indexOf("@");
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const tagged = at < 0 ? rest : rest.slice(0, at);
  const colon = tagged.indexOf(":");
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1);
  const path = colon < 0 ? tagged : tagged.slice(0, colon);
  const repository = registry === HUB && !path.includes("/") ? `${OFFICIAL}${path}` : path;
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
