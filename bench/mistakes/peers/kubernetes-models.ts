import { parseAllDocuments } from "yaml";
import type { Files } from "../right-set.ts";
import type { Peer } from "./peer.ts";

interface Model {
  new (data: unknown): { readonly validate: () => void };
}

interface Read {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
}

/** A class for each kind, and its validate(). What it does not export is a complaint: nobody could import it. */
export const kubernetesModels: Peer = {
  name: "kubernetes-models 5.1, validate()",
  complaints: (sets) => Promise.all(sets.map(complaintsOf)),
};

async function complaintsOf(files: Files): Promise<readonly string[]> {
  const said: string[] = [];
  for (const text of files.values())
    for (const document of parseAllDocuments(text, { logLevel: "error" })) {
      said.push(...document.errors.map(({ message }) => message));
      if (document.errors.length > 0) continue;
      try {
        said.push(...(await validate(document.toJS() as Read | null)));
      } catch (error) {
        if (!(error instanceof ReferenceError)) throw error;
        said.push(error.message); // an alias without an anchor
      }
    }
  return said;
}

async function validate(object: Read | null): Promise<readonly string[]> {
  if (object === null) return [];
  const { apiVersion = "", kind = "" } = object;
  const models = await modelsOf(apiVersion);
  const Kind = models?.[kind];
  if (!Kind) return [`${apiVersion} exports no ${kind} (${object.metadata?.name})`];
  try {
    new Kind(object).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The module of an apiVersion; `undefined` when there is none. A missing installation is an error. */
async function modelsOf(apiVersion: string): Promise<Readonly<Record<string, Model>> | undefined> {
  const specifier = `kubernetes-models/${apiVersion}`;
  try {
    return (await import(specifier)) as Record<string, Model>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (apiVersion !== "v1" && (code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || code === "ERR_MODULE_NOT_FOUND"))
      return undefined;
    throw error;
  }
}
