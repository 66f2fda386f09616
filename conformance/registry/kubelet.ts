import { askProgram } from "../components/coredns.ts";

/** A pull secret as the API server gives it to kubelet. */
export interface PullSecret {
  readonly name: string;
  readonly type: string;
  /** Key → its text. */
  readonly data: Readonly<Record<string, string>>;
}

export interface ParsedReference {
  readonly error?: string;
  readonly domain?: string;
  readonly path?: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface KubeletCredential {
  readonly secret: string;
  readonly username: string;
  readonly password: string;
}

/** `failed`: kubelet cannot read the secrets and pulls nothing. Else a list for each image; `undefined`: it is no image to kubelet. */
export interface KubeletAnswer {
  readonly failed: boolean;
  readonly lookups: readonly (readonly KubeletCredential[] | undefined)[];
}

interface Answer {
  readonly references?: readonly ParsedReference[];
  readonly failed: boolean;
  readonly lookups?: readonly {
    readonly error?: string;
    readonly credentials: readonly KubeletCredential[];
  }[];
}

/** What kubelet's parser of references (github.com/distribution/reference) makes of each text. */
export async function referencesOf(texts: readonly string[]): Promise<readonly ParsedReference[]> {
  const [answer] = (await askProgram("keyring", [], [{ references: texts }])) as Answer[];
  return answer?.references ?? [];
}

/** Which credentials kubelet's own code (k8s.io/kubernetes, pkg/credentialprovider) tries for each image. */
export async function kubeletLookups(
  cases: readonly { readonly secrets: readonly PullSecret[]; readonly images: readonly string[] }[],
): Promise<readonly KubeletAnswer[]> {
  const questions = cases.map(({ secrets, images }) => ({
    images,
    secrets: secrets.map(({ data, ...secret }) => ({
      ...secret,
      data: Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
      ),
    })),
  }));
  const answers = (await askProgram("keyring", [], questions)) as Answer[];
  return answers.map(({ failed, lookups = [] }) => ({
    failed,
    lookups: lookups.map(({ error, credentials }) =>
      error === undefined ? credentials.map(plain) : undefined,
    ),
  }));
}

function plain({ secret, username, password }: KubeletCredential): KubeletCredential {
  const text = (base64: string) => Buffer.from(base64 ?? "", "base64").toString();
  return { secret, username: text(username), password: text(password) };
}
