import { LiveError } from "../live-error.ts";
import { endedBy } from "../live-fetch.ts";
import type { KeycloakConnection } from "./connection.ts";
import { placeholdersIn } from "./field-changes.ts";
import { formatId } from "./format-id.ts";
import { type PlaceholderSource, placeholderValues } from "./placeholder-values.ts";
import type { RealmPlan } from "./plan-realm.ts";
import { readCurrent } from "./read-current.ts";
import { type RealmChange, realmDiff } from "./realm-diff.ts";
import { type Json, realmParts } from "./realm-parts.ts";
import { type Changing, makeChange, sentFields } from "./requests.ts";

export interface ApplyRealmOptions {
  /** Gives the value of each `${NAME}` that is sent. Asked before anything is changed. */
  readonly secret?: PlaceholderSource;
  readonly signal?: AbortSignal;
  /** Told before and after each change. */
  readonly onEvent?: (event: RealmEvent) => void;
}

export interface RealmEvent {
  readonly phase: "start" | "done";
  readonly change: RealmChange;
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/**
 * Makes the changes of a plan, one request each, in the plan's order; then reads the realm again to see that it is as wanted.
 *
 * The realm is read before, too: what was done since the plan is skipped, so that a run that was cut off can be repeated; any
 * other difference is refused before something is changed.
 *
 * @returns the changes that were made
 * @throws LiveError `conflict` when the realm is no longer as the plan saw it; `bad-input` when a secret is missing; `bad-answer`
 *   when Keycloak took a change and has something else; else as the connection does, with how far it came
 */
export async function applyRealm(
  connection: KeycloakConnection,
  plan: RealmPlan,
  options: ApplyRealmOptions = {},
): Promise<readonly RealmChange[]> {
  const { secret, signal, onEvent } = options;
  if (plan.url !== connection.url)
    throw new LiveError(
      "bad-input",
      `the plan was made for ${plan.url}, not for ${connection.url}`,
      "plan with this connection",
    );
  const wanted = realmParts(plan.wanted, plan.realm);
  const json = plan.wanted as Json;
  const sent = plan.changes.map((change) => sentFields(change, wanted, json));
  const names = placeholdersIn(plan.secretsCompared ? plan.wanted : sent);
  const values = await placeholderValues(names, secret);
  connection.hide([...values.values()]);

  const known = plan.before === undefined ? [wanted] : [wanted, realmParts(plan.before, plan.realm)];
  const look = async () => {
    const current = await readCurrent(connection, plan.realm, known, signal);
    const { changes } = realmDiff(current?.json, plan.wanted, {
      name: plan.realm,
      before: plan.before,
      ...(plan.secretsCompared && { values }),
    });
    return { current, changes };
  };
  const done: RealmChange[] = [];
  const run = async ({ current, changes }: Awaited<ReturnType<typeof look>>) => {
    const changing: Changing = {
      connection,
      signal,
      wanted,
      json,
      current: current && realmParts(current.json),
      ids: current?.ids ?? new Map(),
      values,
      made: new Set(),
    };
    const newRealm = changes.some(({ op, kind }) => op === "create" && kind === "realm");
    for (const [i, change] of changes.entries()) {
      const event = { change, number: i + 1, of: changes.length };
      onEvent?.({ phase: "start", ...event });
      try {
        if (signal?.aborted) throw endedBy(signal, "applying the plan");
        // All that is in a new realm comes with the request that makes it.
        if (!newRealm || change.kind === "realm") await makeChange(change, changing);
      } catch (error) {
        throw atChange(error, change, done.length, changes.length);
      }
      done.push(change);
      onEvent?.({ phase: "done", ...event });
    }
    return newRealm;
  };

  const first = await look();
  if (first.changes.length === 0) return [];
  checkStillPlanned(first.changes, plan.changes);
  const newRealm = await run(first);
  let left = await look();
  // An import reads some fields only together with others; they are set now.
  if (newRealm && left.changes.length > 0) {
    await run(left);
    left = await look();
  }
  const [odd] = left.changes;
  if (odd)
    throw new LiveError(
      "bad-answer",
      `Keycloak took every change, and ${formatId(odd.id)} is still another one${odd.fields.length > 0 ? `: ${odd.fields.map(({ path }) => path).join(", ")}` : ""}`,
      "it does not accept that value, or somebody changes the realm now: plan again to see what it has",
    );
  return done;
}

/** What is to be done now has to be a part of what was planned: anything else nobody has agreed to. */
function checkStillPlanned(now: readonly RealmChange[], planned: readonly RealmChange[]): void {
  const agreed = new Set(planned.map((change) => JSON.stringify(change)));
  const other = now.find((change) => !agreed.has(JSON.stringify(change)));
  if (other)
    throw new LiveError(
      "conflict",
      `${formatId(other.id)} has changed since the plan was made; nothing was done`,
      "plan again, and look at what is different",
    );
}

function atChange(error: unknown, { op, id }: RealmChange, done: number, of: number): unknown {
  if (!(error instanceof LiveError)) return error;
  return new LiveError(
    error.code,
    `${error.message} (at ${op} of ${formatId(id)}; ${done} of ${of} changes are made)`,
    `${error.hint}; then plan and apply again: what is made already is skipped`,
    error,
  );
}
