import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProcess } from "./process.ts";

const READY_MS = 90_000;

/**
 * Waits until a component answers as it should; a question that fails is asked again.
 *
 * @throws Error when it ended or was not ready in time, with the last that it logged
 */
export async function untilReady(
  name: string,
  process: Pick<RunningProcess, "ended" | "log">,
  ready: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await ready().catch(() => false))) {
    const failure = process.ended()
      ? "ended while starting"
      : Date.now() > deadline && `was not ready after ${READY_MS / 1000} s`;
    if (failure) throw new Error(`${name} ${failure}. Its last words:\n${process.log()}`);
    await sleep(100);
  }
}
