import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { main } from "../../src/cli/main.ts";

export const ROOT = resolve(import.meta.dirname, "../../../..");
export const STRIX = join(ROOT, "examples", "strix", "platform.ts");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export async function ashlar(
  args: readonly string[],
  options: { cwd?: string; stdin?: string | Uint8Array; color?: boolean } = {},
): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: () => Promise.resolve(Buffer.from(options.stdin ?? "")),
    cwd: options.cwd ?? ROOT,
    color: options.color ?? false,
  });
  return { code, out, err };
}

/** A temporary folder with these files; removed with the system's temporary folder. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ashlar-cli-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
