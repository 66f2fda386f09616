import { spawn } from "node:child_process";
import { goProgram } from "../components/go.ts";

/** What kubectl's reader made of a text: the values of its documents, and the error that ended the reading. */
export interface KubectlReading {
  readonly documents: readonly unknown[];
  readonly error?: string;
}

/**
 * Texts read by the Go code that kubectl reads with: `stream` as a file (apimachinery's YAMLOrJSONDecoder), `value` as
 * one text (sigs.k8s.io/yaml). Answers come in the order of the texts.
 */
export async function readWithKubectl(
  op: "stream" | "value",
  texts: readonly (string | Uint8Array)[],
): Promise<KubectlReading[]> {
  const child = spawn(await goProgram("yaml"), { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const lines = texts.map((text) =>
    JSON.stringify({ op, text: Buffer.from(text as string).toString("base64") }),
  );
  child.stdin.end(`${lines.join("\n")}\n`);
  const code = await ended;
  if (code !== 0) throw new Error(`the YAML reader ended with ${code}`);
  const answers = output.trimEnd().split("\n");
  if (answers.length !== texts.length)
    throw new Error(`the YAML reader answered ${answers.length} of ${texts.length} texts`);
  return answers.map((line) => JSON.parse(line) as KubectlReading);
}
