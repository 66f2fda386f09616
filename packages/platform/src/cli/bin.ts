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

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin: readStdin,
  cwd: process.cwd(),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb",
});
