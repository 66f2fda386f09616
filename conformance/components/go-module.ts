import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

/** A release of a Go module. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** The hash of its files, as in a go.sum: `h1:…`. */
  readonly sum: string;
}

/**
 * The folder of a Go module in this machine's module cache, fetched by `go mod download` when it is not there yet.
 *
 * @throws Error when there is no Go, when the module cannot be had, or when its files are not those of `sum`
 * @example const folder = await goModule({ path: "sigs.k8s.io/yaml", version: "v1.6.0", sum: "h1:…" });
 */
export async function goModule({ path, version, sum }: GoModule): Promise<string> {
  const module = `${path}@${version}`;
  const { Dir, Zip, Sum, Error: told } = await download(module);
  if (Zip === undefined || Sum === undefined)
    throw new Error(
      `${module} could not be fetched. It needs Go and, the first time, a Go module proxy that can be reached ` +
        `(see "go env GOPROXY"). Go said: ${told}`,
    );
  if (Sum !== sum) throw new Error(`${module} is another one: expected ${sum}, got ${Sum}`);
  // A module for a newer Go is unpacked all the same, but Go does not say where.
  return Dir ?? Zip.replace("/cache/download/", "/").replace(/\/@v\/(.*)\.zip$/, "@$1");
}

/** What `go mod download -json` says of a module. */
interface Download {
  readonly Dir?: string;
  readonly Zip?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

async function download(module: string): Promise<Download> {
  try {
    // Outside of every module, so that no go.mod has a say.
    const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], {
      cwd: tmpdir(),
      env: { ...process.env, GOWORK: "off" },
    });
    return JSON.parse(stdout) as Download;
  } catch (error) {
    const { stdout, message } = error as Error & { readonly stdout?: string };
    return stdout ? (JSON.parse(stdout) as Download) : { Error: message };
  }
}
