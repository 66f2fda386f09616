import { setTimeout as sleep } from "node:timers/promises";
import { endedBy } from "@ashlar/core/live";

/**
 * Lets so much work run at a time, and starts it with a pause in between.
 *
 * @throws {LiveError} `aborted` for work that has not begun when the signal ends it
 */
export function pacer({
  parallel,
  pauseMilliseconds,
  signal,
}: {
  readonly parallel: number;
  readonly pauseMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
}): <T>(work: () => Promise<T>) => Promise<T> {
  let free = parallel;
  let next = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      const now = Date.now();
      const wait = Math.max(0, next - now);
      next = now + wait + pauseMilliseconds;
      if (wait > 0) await sleep(wait, undefined, signal && { signal }).catch(() => undefined);
      if (signal?.aborted) throw endedBy(signal, "verify");
      return await work();
    } finally {
      const enter = waiting.shift();
      if (enter) enter();
      else free++;
    }
  };
}
