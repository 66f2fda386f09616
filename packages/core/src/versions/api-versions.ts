import { RETIRED_APIS, SERVED_SINCE } from "./data/api-lives.ts";
import { compareMinor, type MinorVersion } from "./minor-version.ts";

/** What became of one kind of one API version. Releases are Kubernetes minor versions (`1.22`). */
export interface ApiLife {
  readonly apiVersion: string;
  readonly kind: string;
  /** The first release that has it; absent: long before any cluster that is left. */
  readonly since?: string;
  readonly deprecated?: string;
  /** The first release that no longer serves it. */
  readonly removed?: string;
  /** What to write instead. */
  readonly replacement?: ApiReplacement;
  /** Fields that move or appear in the replacement, and defaults that change; one sentence each. */
  readonly moves: readonly string[];
}

export interface ApiReplacement {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What is known of a built-in kind's life; `undefined` for what has been served unchanged since before 1.16, for custom
 * resources and for what does not exist.
 *
 * @example apiLife("extensions/v1beta1", "Ingress")?.removed // "1.22"
 */
export function apiLife(apiVersion: string, kind: string): ApiLife | undefined {
  const retired = retiredApis().get(`${apiVersion} ${kind}`);
  if (retired) return retired;
  const kinds = Object.hasOwn(SERVED_SINCE, apiVersion) ? SERVED_SINCE[apiVersion] : undefined;
  const since = kinds && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return since === undefined ? undefined : { apiVersion, kind, since, moves: [] };
}

/** Every kind that was, is about to be, or is to be given up, in the order of the table. */
export function retiredApiLives(): readonly ApiLife[] {
  return [...retiredApis().values()];
}

/** `removed` and `not yet`: the server has no such API. `off`: only with `--runtime-config`. `deprecated`: served, with a warning. */
export type ApiState = "served" | "removed" | "not yet" | "off" | "deprecated";

/** What a Kubernetes release makes of an API. */
export function apiStateAt(life: ApiLife, release: MinorVersion): ApiState {
  if (life.since !== undefined && compareMinor(release, life.since) < 0) return "not yet";
  if (life.removed !== undefined && compareMinor(release, life.removed) >= 0) return "removed";
  if (isOffByDefault(life)) return "off";
  if (life.deprecated !== undefined && compareMinor(release, life.deprecated) >= 0) return "deprecated";
  return "served";
}

/** Alpha APIs are off by default, and so are beta APIs that came with 1.24 or later (KEP-3136). */
function isOffByDefault({ apiVersion, since }: ApiLife): boolean {
  if (/v\d+alpha\d+$/.test(apiVersion)) return true;
  return /v\d+beta\d+$/.test(apiVersion) && since !== undefined && compareMinor(since, "1.24") >= 0;
}

let lives: ReadonlyMap<string, ApiLife> | undefined;

function retiredApis(): ReadonlyMap<string, ApiLife> {
  lives ??= new Map(
    RETIRED_APIS.flatMap(([apiVersion, kinds, since, deprecated, removed, to, moves = []]) =>
      [kinds].flat().map((kind): [string, ApiLife] => {
        const [toVersion, toKind = kind] = to?.split(" ") ?? [];
        const life = {
          apiVersion,
          kind,
          ...(since !== undefined && { since }),
          deprecated,
          ...(removed !== undefined && { removed }),
          ...(toVersion !== undefined && { replacement: { apiVersion: toVersion, kind: toKind } }),
          moves,
        };
        return [`${apiVersion} ${kind}`, life];
      }),
    ),
  );
  return lives;
}
