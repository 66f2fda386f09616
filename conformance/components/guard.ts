/**
 * Runs one component for a parent process and outlives it just long enough to clean up: `node guard.ts FOLDER PROGRAM ARG…`.
 *
 * Standard input is the parent's sign of life. When it closes, whichever way the parent ended (also by SIGKILL, when no
 * handler of its own can run), the component is ended and its folder removed. Nothing in the folder is worth a graceful stop.
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";

const [folder, program, ...args] = process.argv.slice(2);
if (!folder || !program) throw new Error("usage: node guard.ts FOLDER PROGRAM ARG…");

const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
const end = () => child.kill("SIGKILL");
process.stdin.on("end", end).on("error", end).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);

const code = await new Promise<number>((resolve) => {
  child.once("error", (error) => {
    console.error(`${program}: ${error.message}`);
    resolve(127);
  });
  child.once("exit", (status) => resolve(status ?? 1));
});
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
process.exit(code);
