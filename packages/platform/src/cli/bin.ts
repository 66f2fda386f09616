import { main } from "./main.ts";

/** Standard input, at most 512 MiB of it. */
async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > 512 * 1024 * 1024) throw new Error("standard input is larger than 512 MiB");
  }
  return Buffer.concat(chunks);
}

// A reader that goes away (`| head`) ends the program quietly, as it ends others.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 2);
});

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Whoever ends the question instead of answering it (Ctrl-C, Ctrl-D) has not agreed.
  const ended = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
  const answer = await Promise.race([terminal.question(question).catch(() => undefined), ended]);
  terminal.close();
  if (answer === undefined) process.stderr.write("\n");
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin: readStdin,
  cwd: process.cwd(),
  ...(isTerminal && { ask }),
  ...(process.stderr.isTTY === true && {
    progress: (text: string) =>
      void process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`),
  }),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb",
});
