const DOMAIN_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = new RegExp(`^(?:${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^(sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const MOST_OF_PATH = 255;

/** Why a text is no reference of an image, and what to write instead. */
export interface ImageProblem {
  readonly message: string;
  readonly hint: string;
  /** The reference that was meant, where that is certain. */
  readonly meant?: string;
}

/**
 * Says why kubelet takes a text for no image (`InvalidImageName`); `undefined`: it takes it. Whether the image exists is
 * another question.
 *
 * Source: `ParseNormalizedNamed` of github.com/distribution/reference 0.6.0, which kubelet 1.36.3 calls
 * (pkg/util/parsers), and the digests of github.com/opencontainers/go-digest 1.0.0.
 *
 * @example imageProblem("registry.example.com/Api:1")?.message // the repository "Api" has upper-case letters
 */
export function imageProblem(image: string): ImageProblem | undefined {
  if (/\s/u.test(image)) return spaceProblem(image);
  if (/^[a-f0-9]{64}$/.test(image))
    return {
      message: "64 hexadecimal digits are the id of an image on one machine, not a name",
      hint: "write the image's name, with a tag or @sha256:…",
    };
  const slash = image.indexOf("/");
  const hasDomain = slash >= 0 && isDomain(image.slice(0, slash));
  const domain = hasDomain ? image.slice(0, slash) : "";
  const rest = hasDomain ? image.slice(slash + 1) : image;
  // A host with an underscore is no host to the grammar, and the first part of a path: kubelet takes it all the same.
  if (hasDomain && !DOMAIN.test(domain) && PATH.test(domain)) return partsProblem(image, false);
  if (hasDomain && !DOMAIN.test(domain))
    return {
      message: `${shown(domain)} is no registry`,
      hint: domain.includes(":")
        ? "write the host's name and its port, with no scheme before it: registry.example.com:5000/api"
        : "write a host name: registry.example.com/api",
    };
  return partsProblem(rest, domain === "" || domain === "docker.io" || domain === "index.docker.io");
}

/** Whether the part before the first slash is a registry, and not the first part of a name. */
function isDomain(part: string): boolean {
  return /[.:]/.test(part) || part === "localhost" || part.toLowerCase() !== part;
}

function spaceProblem(image: string): ImageProblem {
  const meant = image.trim();
  if (meant === "") return { message: "the image is blank", hint: "write the image, with a tag" };
  if (/\s/u.test(meant))
    return { message: `${shown(image)} has white space in it`, hint: "write one name without white space" };
  const message = `${shown(image)} begins or ends with white space`;
  const beside = imageProblem(meant);
  if (beside !== undefined) return { message: `${message}, and ${beside.message}`, hint: beside.hint };
  return { message, hint: `write ${meant}`, meant };
}

function partsProblem(rest: string, isHub: boolean): ImageProblem | undefined {
  const at = rest.indexOf("@");
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(":");
  const path = colon < 0 ? named : named.slice(0, colon);
  return (
    pathProblem(path, isHub) ??
    (colon < 0 ? undefined : tagProblem(named.slice(colon + 1))) ??
    (at < 0 ? undefined : digestProblem(rest.slice(at + 1)))
  );
}

function pathProblem(path: string, isHub: boolean): ImageProblem | undefined {
  if (path === "") return { message: "the image has no name", hint: "write the repository: example/api:1.2" };
  const lower = path.toLowerCase();
  const bad = lower.split("/").find((part) => !PATH.test(part));
  if (bad !== undefined)
    return {
      message:
        bad === "" ? `the repository ${shown(path)} has an empty part` : `${shown(bad)} is no part of a name`,
      hint: "write a-z and 0-9, joined by one of . _ __ or by dashes, in parts between slashes",
    };
  const length = path.length + (isHub && !path.includes("/") ? "library/".length : 0);
  if (length > MOST_OF_PATH)
    return {
      message: `the repository has ${length} characters, more than ${MOST_OF_PATH}`,
      hint: "shorten it",
    };
  if (lower !== path)
    return { message: `the repository ${shown(path)} has upper-case letters`, hint: `write ${lower}` };
  return undefined;
}

function tagProblem(tag: string): ImageProblem | undefined {
  if (TAG.test(tag)) return undefined;
  if (tag === "")
    return { message: "there is a colon and no tag after it", hint: "write the tag, or no colon" };
  return {
    message: `${shown(tag)} is no tag`,
    hint: tag.includes("/")
      ? "write one colon, before the tag; a registry's port stands before the first slash, after a host name"
      : "write at most 128 letters, digits, _ . and -, with a letter, a digit or _ first",
  };
}

function digestProblem(digest: string): ImageProblem | undefined {
  if (DIGEST.test(digest)) return undefined;
  return {
    message: `${shown(digest)} is no digest`,
    hint: "write sha256: and 64 of 0-9 and a-f, as the registry says it",
  };
}

function shown(text: string): string {
  return text.length <= 80 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 80))}…`;
}
