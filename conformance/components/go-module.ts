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
  // Outside of every module, so that no go.mod has a say.
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], {
    cwd: tmpdir(),
    env: { ...process.env, GOWORK: "off" },
  }).catch((cause: Error & { stdout?: string }) => {
    throw new Error(
      `${module} could not be fetched. It needs Go 1.26 or newer and, the first time, a Go module proxy that can be ` +
        `reached (see "go env GOPROXY"): ${cause.stdout?.trim() || cause.message}`,
      { cause },
    );
  });
  const answer = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (answer.Sum !== sum) throw new Error(`${module} is another one: expected ${sum}, got ${answer.Sum}`);
  return answer.Dir;
}
