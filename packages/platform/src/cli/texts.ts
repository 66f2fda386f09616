import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { TextOf } from "../report/frames.ts";
import type { Io } from "./io.ts";

const SHOWN = new Set([".yaml", ".yml", ".json"]);

/** Standard input that is kept, so that findings can show its lines, and the texts of the files that findings name. */
export function rememberTexts(io: Io): { readonly io: Io; readonly textOf: TextOf } {
  let stdin: Uint8Array | undefined;
  return {
    io: {
      ...io,
      stdin: async () => {
        stdin = await io.stdin();
        return stdin;
      },
    },
    textOf: (file) => {
      if (file === "<stdin>") return stdin && new TextDecoder().decode(stdin);
      if (!SHOWN.has(extname(file))) return undefined;
      try {
        return new TextDecoder().decode(readFileSync(resolve(io.cwd, file)));
      } catch {
        return undefined;
      }
    },
  };
}
