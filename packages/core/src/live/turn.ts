import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApplySet, bothApplySets, readApplySet, writeApplySet } from "./apply-set.ts";
import { endedBy } from "./http.ts";
import { LiveError } from "./live-error.ts";
import type { PlanState } from "./plan-state.ts";

/** How often at most the inventory is asked whose turn it is. */
const CHECK_MS = 200;
/** So long after a turn was taken, who had it before has seen it and stopped. */
const STOPPED_MS = 500;
const ENDED = "ended ";
/** Each one that fails is one of somebody else that succeeds. */
const TRIES = 20;

/** The right to make the cluster as one plan says. Of two who apply the same platform at once, who took it last has it. */
export interface Turn {
  /**
   * Before each write.
   *
   * @throws {LiveError} `conflict` when another apply of the platform has taken it
   */
  readonly check: () => Promise<void>;
  /** The same, asked of the server now. */
  readonly confirm: () => Promise<void>;
  /** When another apply may have written since the plan was made: resolves when it no longer does. */
  readonly others?: () => Promise<void>;
  /** Gives it back, and leaves this inventory. */
  readonly end: (inventory: ApplySet) => Promise<void>;
}

/** Takes it, and writes down what will be applied: a break leaves nothing that cannot be found again. */
export async function takeTurn({ cluster, inventory, before, next }: PlanState): Promise<Turn> {
  const run = randomUUID();
  const read = () => readApplySet(cluster, inventory);
  let isShared = !isOver(before.run);
  let known = before;
  for (let tries = 1; ; tries++) {
    if (await writeApplySet(cluster, inventory, bothApplySets(known, { ...next, run }), known.version)) break;
    if (tries === TRIES) throw contested();
    known = await read();
    // Ours: the answer to the writing was lost.
    if (known.run === run) break;
    isShared = true;
  }
  const takenAt = Date.now();
  let checkedAt = takenAt;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    if ((await read()).run !== run) throw taken();
    checkedAt = Date.now();
  };
  const others = async () => {
    const { signal } = cluster;
    const left = takenAt + STOPPED_MS - Date.now();
    await sleep(Math.max(left, 0), undefined, signal && { signal }).catch((error: unknown) => {
      throw signal?.aborted ? endedBy(signal, "the apply") : error;
    });
  };
  return {
    check: async () => {
      if (Date.now() - checkedAt < CHECK_MS) return;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    },
    confirm: ask,
    ...(isShared && { others }),
    end: async (left) => {
      for (let tries = 1; ; tries++) {
        const current = await read();
        if (current.run === ENDED + run) return;
        if (tries > TRIES) throw contested();
        if (current.run !== run) throw taken();
        if (await writeApplySet(cluster, inventory, { ...left, run: ENDED + run }, current.version)) return;
      }
    },
  };
}

function isOver(run: string): boolean {
  return run === "" || run.startsWith(ENDED);
}

function contested(): LiveError {
  return new LiveError(
    "conflict",
    "the inventory of this platform is changed by others whenever it is to be written",
    "see who writes it: kubectl get configmap --show-managed-fields; run this again when they are done",
  );
}

function taken(): LiveError {
  return new LiveError(
    "conflict",
    "another apply of this platform began after this one: it goes on, this one stops",
    "run ashlar diff --live when the other is done",
  );
}
