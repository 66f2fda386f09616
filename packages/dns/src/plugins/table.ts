import { once } from "@ashlar/core";
import { FATES, ORDERS, PLUGINS, RELEASES } from "./data.ts";

/** When something came to CoreDNS and how it left, as releases: `1.4.0`. */
export interface PluginLife {
  readonly name: string;
  readonly since: string;
  /** From here on its notes advise against it. */
  readonly deprecated?: string;
  /** From here on it is taken and does nothing. */
  readonly ignored?: string;
  /** From here on CoreDNS does not start with it. */
  readonly removed?: string;
  readonly replacement?: string;
  readonly note?: string;
}

export interface PluginEntry extends PluginLife {
  /** Words of the plugin's block. */
  readonly options: readonly PluginLife[];
}

/** The release that Ashlar writes for and checks against when nobody says otherwise. */
export const DEFAULT_COREDNS = "1.15.0";

/**
 * The release of the table that a version text means: the last one of `1.15`, `v1.11.4-eksbuild.2` as 1.11.4, and for one that is not
 * in the table the last one before it. `undefined`: not a version, or older than 1.0.0.
 *
 * @example coreDnsRelease("v1.11.4-eksbuild.2") // "1.11.4"
 * @example coreDnsRelease("1.8")                // "1.8.7"
 */
export function coreDnsRelease(text: string): string | undefined {
  const match = /^v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:[-+_].*)?$/s.exec(text.trim());
  if (!match) return undefined;
  const wanted = [match[1], match[2], match[3] ?? "9999"].map(Number);
  return RELEASES.findLast((release) => compareParts(release.split(".").map(Number), wanted) <= 0);
}

/** Every release of CoreDNS that the table knows, oldest first. */
export function coreDnsReleases(): readonly string[] {
  return RELEASES;
}

/** Negative when `a` is the earlier release; both are releases of the table. */
export function compareReleases(a: string, b: string): number {
  return RELEASES.indexOf(a) - RELEASES.indexOf(b);
}

/** The plugins of a release in the order in which they see a query, whatever the order in the Corefile. */
export function pluginOrder(release: string = DEFAULT_COREDNS): readonly string[] {
  const at = RELEASES.indexOf(release);
  return (
    orders()
      .findLast(([from = ""]) => RELEASES.indexOf(from) <= at)
      ?.slice(1) ?? []
  );
}

const linesOf = (text: string): readonly string[][] => text.split("\n").map((line) => line.split(" "));

const orders = once(() => linesOf(ORDERS));

const entries = once(
  (): ReadonlyMap<string, PluginEntry> =>
    new Map(
      linesOf(PLUGINS).map(([name = "", since = "", ...options]) => [
        name,
        {
          name,
          since,
          ...FATES[name],
          options: options.map((word) => {
            const [option = "", from = ""] = word.split("@");
            return { name: option, since: from, ...FATES[`${name} ${option}`] };
          }),
        },
      ]),
    ),
);

/** What is known of a plugin, built in now or once; `undefined` for any other name. */
export function pluginEntry(name: string): PluginEntry | undefined {
  return entries().get(name);
}

/** Everything that was ever built in. */
export function pluginEntries(): readonly PluginEntry[] {
  return [...entries().values()];
}

/** Whether a release has it. */
export function livesIn({ since, removed }: PluginLife, release: string): boolean {
  return (
    compareReleases(since, release) <= 0 && (removed === undefined || compareReleases(release, removed) < 0)
  );
}

function compareParts(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!;
}
