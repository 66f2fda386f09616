/** What a nameserver said, by the words of an `nslookup`. */
export interface Lookup {
  /**
   * `nxdomain`: there is no such name; `nodata`: it has no address; `failed`: the server could not answer (SERVFAIL, REFUSED);
   * `silent`: no server answered; `unreadable`: the words are not known.
   */
  readonly status: "answer" | "nxdomain" | "nodata" | "failed" | "silent" | "unreadable";
  readonly addresses: readonly string[];
  /** Names that the name is another name of, in lower case, without a dot at the end; in order. */
  readonly aliases: readonly string[];
  /** Whether this `nslookup` shows aliases: that of old busyboxes asks libc, and shows addresses alone. */
  readonly showsAliases: boolean;
}

/**
 * Reads the output of bind's `nslookup` and of busybox's, old and new. Each begins with who was asked; the answer follows after an
 * empty line.
 */
export function readNslookup(output: string): Lookup {
  const text = output.replaceAll("\r", "");
  const cut = /^Server:[^\n]*\n(?:Address[^\n]*\n)+\n/m.exec(text);
  const body = cut === null ? text : text.slice(cut.index + cut[0].length);
  const isOld = /^Address \d+: /m.test(text) || /can't resolve '/.test(text);
  const addresses = [...body.matchAll(/^Address(?: \d+)?:[ \t]*([0-9a-fA-F.:]+)(?=[#\s]|$)/gm)].map(
    (m) => m[1] as string,
  );
  const aliases = [...body.matchAll(/^(\S+)[ \t]+canonical name = (\S+)/gm)].map((m) =>
    bareName(m[2] as string),
  );
  return {
    // busybox says nothing at all of a name that has no address.
    status:
      cut !== null && body.trim() === "" ? "nodata" : statusOf(text, body, addresses.length + aliases.length),
    addresses: [...new Set(addresses)],
    aliases: [...new Set(aliases)],
    showsAliases: !isOld,
  };
}

function statusOf(text: string, body: string, found: number): Lookup["status"] {
  if (/^Address/m.test(body)) return "answer";
  if (
    /(no servers could be reached|connection timed out|communications error|no response from server)/i.test(
      text,
    )
  )
    return "silent";
  const code = /server can't find [^\n]*: ([A-Z]+)/.exec(text)?.[1];
  if (code === "NXDOMAIN") return "nxdomain";
  if (code !== undefined) return "failed";
  if (/No answer|can't resolve '/i.test(text))
    return found > 0 ? "answer" : /No answer/i.test(text) ? "nodata" : "nxdomain";
  if (found > 0) return "answer";
  return /canonical name/.test(text) ? "answer" : "unreadable";
}

/** A name as names are compared. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/**
 * The names that a resolver asks for, one after the other, for a name that a program of a pod uses: what libc makes of the search
 * list of `/etc/resolv.conf`. Each is complete.
 *
 * @example searchedNames("my.db", "search dev.svc.cluster.local svc.cluster.local\noptions ndots:5\n")
 *   // ["my.db.dev.svc.cluster.local.", "my.db.svc.cluster.local.", "my.db."]
 */
export function searchedNames(name: string, resolvConf: string): string[] {
  if (name.endsWith(".")) return [name];
  const words = (keyword: string) =>
    [...resolvConf.matchAll(/^[ \t]*(\w+)[ \t]+([^\n#;]*)/gm)]
      .filter((m) => m[1] === keyword)
      .at(-1)?.[2]
      ?.trim()
      .split(/\s+/) ?? [];
  const search = words("search").length > 0 ? words("search") : words("domain");
  const ndots = Number(
    /^ndots:(\d+)$/.exec(words("options").find((word) => word.startsWith("ndots:")) ?? "")?.[1] ?? 1,
  );
  const below = search.filter((zone) => zone !== ".").map((zone) => `${name}.${zone.replace(/\.$/, "")}.`);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [`${name}.`, ...below] : [...below, `${name}.`];
}
