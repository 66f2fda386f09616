import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ControlPlane } from "../../../conformance/components/control-plane.ts";
import { goProgram } from "../../../conformance/components/go.ts";
import { withFolder } from "./folder.ts";
import type { Peer } from "./peer.ts";
import { standaloneSchemas } from "./standalone-schemas.ts";

/** kubeconform's validator, strict, with schemas of the API server's own OpenAPI instead of those of the network. */
export function kubeconform(server: ControlPlane): Peer {
  return {
    name: "kubeconform 0.8, -strict",
    complaints: async (sets) => {
      const program = await goProgram("kubeconform", { modules: new URL("../go/", import.meta.url) });
      const { body } = await server.get("/openapi/v2");
      return withFolder(standaloneSchemas(body as never), async (folder) => {
        const question = {
          schemas: join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json"),
          sets: sets.map((files) => [...files].map(([name, text]) => ({ name, text }))),
        };
        return JSON.parse(await ask(program, JSON.stringify(question))) as string[][];
      });
    },
  };
}

async function ask(program: string, question: string): Promise<string> {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => undefined); // it ended early: the exit code tells
  child.stdin.end(question);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`kubeconform ended with ${code}`);
  return Buffer.concat(chunks).toString("utf8");
}
