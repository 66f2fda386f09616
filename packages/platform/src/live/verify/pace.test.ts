import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { pacer } from "./pace.ts";

test("so many at a time, with a pause between their starts, in the order of their coming", async () => {
  const paced = pacer({ parallel: 2, pauseMilliseconds: 20 });
  const starts: number[] = [];
  let [now, most] = [0, 0];
  const order = await Promise.all(
    [0, 1, 2, 3, 4].map((i) =>
      paced(async () => {
        starts.push(performance.now());
        most = Math.max(most, ++now);
        await sleep(30);
        now--;
        return i;
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  // One that starts late does not hold up the next. Timers may be a millisecond early.
  for (const [i, start] of starts.entries()) expect(start - starts[0]!).toBeGreaterThanOrEqual(20 * i - 3);
});

test("work that fails makes room, and what has not begun when the signal ends it does not begin", async () => {
  const stop = new AbortController();
  const paced = pacer({ parallel: 1, pauseMilliseconds: 0, signal: stop.signal });
  await expect(paced(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await paced(async () => "next")).toBe("next");
  stop.abort();
  await expect(paced(async () => "late")).rejects.toMatchObject({ code: "aborted" });
});
