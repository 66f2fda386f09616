import type { Finding, Place } from "@ashlar/core";
import type { Corefile, Directive } from "../corefile/ast.ts";
import { compareReleases, livesIn, pluginEntry } from "../plugins/table.ts";
import { wordsOf } from "./stage.ts";

type Why = string | undefined;

/** Plugins whose words mean the same in all releases that have them, and which forms of their arguments are known to. */
const ARGUMENTS: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  errors: none,
  debug: none,
  loop: none,
  whoami: none,
  chaos: any,
  bind: (args) => args.every(isAddress),
  health: oneAddress,
  ready: oneAddress,
  prometheus: oneAddress,
  pprof: oneAddress,
  reload: (args) => args.length <= 2 && args.every(isDuration),
  loadbalance: (args) => args.length === 0 || (args.length === 1 && args[0] === "round_robin"),
  cache: (args) =>
    args.every((arg, i) => (i === 0 && /^[0-9]+$/.test(arg) ? Number(arg) <= 3600 : isZone(arg))),
  log: (args) => args.every(isZone),
  kubernetes: (args) => args.every(isZone),
  hosts: any,
  forward: ([zone, ...to]) => zone !== undefined && isZone(zone) && to.every(isUpstream),
  header: none,
};

/** Options of these plugins whose arguments are known to mean the same. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  health: /^lameduck$/,
  kubernetes: /^(endpoint_pod_names|fallthrough|kubeconfig|labels|namespaces|noendpoints|pods|tls|ttl)$/,
  hosts: /^(fallthrough|no_reverse|reload|ttl|[0-9a-fA-F.:]+)$/,
  forward: /^(except|expire|force_tcp|max_concurrent|max_fails|policy|prefer_udp|tls|tls_servername)$/,
  cache: /^(denial|disable|keepttl|prefetch|servfail|success)$/,
  errors: /^stacktrace$/,
  header: /^(response|query|set|clear)$/,
};

/** Releases from which on words mean something else although they are taken before. */
const TURNS: readonly { readonly plugin: string; readonly version: string; readonly why: string }[] = [
  {
    plugin: "kubernetes",
    version: "1.4.0",
    why: "before 1.4.0 it resolves targets of ExternalName services only with the option upstream",
  },
];

/** What an older release would not do as the newer does, or what is not known of it: each a refusal. */
export function notTheSameBelow(
  tree: Corefile,
  {
    from,
    to,
    place,
  }: { readonly from: string; readonly to: string; readonly place: (offset: number) => Place },
): Finding[] {
  return tree.items.flatMap((item) => {
    if (item.kind === "import") return [];
    const directives = item.body.filter((one): one is Directive => one.kind === "directive");
    const forwards = directives.filter(({ name }) => name.text === "forward");
    return directives.flatMap((directive) => {
      const several =
        directive === forwards[1] && compareReleases(to, "1.10.0") < 0
          ? "before CoreDNS 1.10.0 a server block has one forward"
          : undefined;
      const why = several ?? whyNot(directive, from, to);
      return why === undefined ? [] : [refusal(directive, why, place)];
    });
  });
}

function whyNot(directive: Directive, from: string, to: string): Why {
  const plugin = directive.name.text;
  const entry = pluginEntry(plugin);
  if (!entry || !Object.hasOwn(ARGUMENTS, plugin))
    return `it is not known that the plugin ${plugin} means the same in CoreDNS ${to}`;
  if (!livesIn(entry, to)) return `CoreDNS ${to} has no plugin ${plugin} (since ${entry.since})`;
  const args = wordsOf(directive);
  if (!ARGUMENTS[plugin]!(args))
    return `it is not known that "${[plugin, ...args].join(" ")}" means the same in CoreDNS ${to}`;
  const turn = TURNS.find(
    ({ plugin: name, version }) =>
      name === plugin && compareReleases(to, version) < 0 && compareReleases(from, version) >= 0,
  );
  if (turn) return turn.why;
  for (const option of directive.block?.body ?? []) {
    const word = option.kind === "import" ? "import" : option.name.text;
    const life = entry.options.find(({ name }) => name === word);
    if (life && !livesIn(life, to)) return `CoreDNS ${to} has no "${plugin} ${word}" (since ${life.since})`;
    if (!OPTIONS[plugin]?.test(word))
      return `it is not known that "${plugin} ${word}" means the same in CoreDNS ${to}`;
  }
  return undefined;
}

function refusal(directive: Directive, why: string, place: (offset: number) => Place): Finding {
  return {
    code: "dns/no-migration",
    severity: "error",
    message: `no way down: ${why}`,
    hint: "take it away or write what the older release knows, if that is what is meant; or stay with the newer one",
    path: "",
    at: place(directive.name.at.offset),
  };
}

function none(args: readonly string[]): boolean {
  return args.length === 0;
}

function any(): boolean {
  return true;
}

function oneAddress(args: readonly string[]): boolean {
  return args.length <= 1 && args.every((arg) => /^[0-9A-Za-z.[\]:]*:[0-9]+$/.test(arg));
}

function isAddress(arg: string): boolean {
  return /^[0-9]+(\.[0-9]+){3}$|^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(arg);
}

function isUpstream(arg: string): boolean {
  return /^(?:tls:\/\/|dns:\/\/)?[0-9]+(\.[0-9]+){3}(:[0-9]+)?$|^\/[\w./-]+$/.test(arg);
}

function isDuration(arg: string): boolean {
  return /^[0-9]+(ms|s|m|h)$/.test(arg);
}

function isZone(arg: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(arg);
}
