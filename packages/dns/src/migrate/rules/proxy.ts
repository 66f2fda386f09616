import type { Directive } from "../../corefile/ast.ts";
import { inPlaceOf, withoutOptions, withoutWord } from "../edits.ts";
import type { Splice } from "../splice.ts";
import { directivesOf, type MigrationRule, optionsOf, type Stage, wordsOf } from "../stage.ts";

/** forward and grpc take at most so many. */
const MAX_UPSTREAMS = 15;

/** `proxy` becomes `forward`, or `grpc` where it spoke that protocol. */
export const proxy: MigrationRule = {
  version: "1.5.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "proxy")) convert(stage, directive);
  },
};

/** The protocol by which Google's resolvers were asked over HTTPS. */
export const httpsGoogle: MigrationRule = {
  version: "1.2.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "proxy"))
      for (const option of optionsOf(directive, "protocol"))
        if (option.args[0]?.text === "https_google")
          stage.refuse(
            option,
            "protocol https_google is gone since CoreDNS 1.2.0; without it the queries would leave the cluster in plain text",
            "write forward . tls://8.8.8.8 tls://8.8.4.4 with tls_servername dns.google instead of the proxy",
          );
  },
};

/** What becomes of the options: places, what is lost, and what stands between it and any equivalent. */
interface Converted {
  readonly gone: Directive[];
  readonly splices: Splice[];
  readonly lost: string[];
  readonly said: string[];
}

function convert(stage: Stage, directive: Directive): void {
  const { name, args, block } = directive;
  if (args.length - 1 > MAX_UPSTREAMS) {
    stage.refuse(
      directive,
      `proxy has ${args.length - 1} upstreams, and forward takes at most ${MAX_UPSTREAMS}`,
      "keep the 15 that matter, then migrate",
    );
    return;
  }
  const protocol = optionsOf(directive, "protocol").at(-1); // the last line decides
  const grpc = protocol?.args[0]?.text === "grpc";
  const into: Converted = { gone: [], splices: [], lost: [], said: [] };
  for (const option of block?.body ?? []) {
    const why =
      option.kind === "import"
        ? "an import inside of proxy's block"
        : convertOption(option, { grpc, protocol }, into);
    if (why === undefined) continue;
    stage.refuse(
      option,
      `proxy has ${why}, of which forward has no like`,
      "correct or remove it, then migrate",
    );
    return;
  }
  const plugin = grpc ? "grpc" : "forward";
  stage.change({
    plugin: "proxy",
    what: [`proxy becomes ${plugin}`, ...into.said].join("; "),
    why: grpc
      ? "1.5.0 removed proxy; the plugin grpc speaks its protocol grpc since then"
      : "1.5.0 removed proxy; forward sends the same queries to the same resolvers",
    ...(into.lost.length > 0 && { lost: into.lost.join("; ") }),
    node: directive,
    splices: [
      inPlaceOf(name, plugin),
      ...(into.gone.length > 0 ? withoutOptions(stage.text, directive, into.gone) : []),
      ...into.splices,
    ],
  });
}

/** @returns why there is no equivalent */
function convertOption(
  option: Directive,
  { grpc, protocol }: { readonly grpc: boolean; readonly protocol: Directive | undefined },
  { gone, splices, lost, said }: Converted,
): string | undefined {
  const [first, ...others] = option.args;
  const written = [option.name.text, ...wordsOf(option)].join(" ");
  switch (option.name.text) {
    case "except":
      return undefined;
    case "policy":
      if (first?.text === "first") {
        splices.push(inPlaceOf(first, "sequential"));
        said.push("policy first becomes sequential, its newer name");
      } else if (first?.text === "least_conn") {
        gone.push(option);
        said.push("policy least_conn goes");
        lost.push(
          "policy least_conn asked the resolver with the fewest open queries; now one is taken at random",
        );
      } else if (!["random", "round_robin", "sequential"].includes(first?.text ?? ""))
        return `the policy "${first?.text ?? ""}"`;
      return undefined;
    case "max_fails":
      if (first?.text === "0" && !grpc) return undefined; // never down, in both
      gone.push(option);
      lost.push(`${written}: forward's health checks decide when a resolver is down`);
      return undefined;
    case "fail_timeout":
      gone.push(option);
      lost.push(`${written}: a resolver that is down is asked again as soon as a health check succeeds`);
      return undefined;
    case "health_check":
      gone.push(option);
      lost.push(`${written}: forward checks health by DNS queries, and only after an error`);
      return undefined;
    case "spray":
      gone.push(option);
      said.push("spray goes, since forward always asks a resolver at random when all are down");
      return undefined;
    case "protocol":
      if (option !== protocol) {
        gone.push(option);
        return undefined;
      }
      if (first?.text === "dns" && others.length === 0) {
        gone.push(option);
        said.push("protocol dns goes, since forward knows no other");
        return undefined;
      }
      if (first?.text === "dns" && others.length === 1 && others[0]!.text === "force_tcp") {
        splices.push(inPlaceOf(option.name, "force_tcp"), withoutWord(first), withoutWord(others[0]!));
        said.push("protocol dns force_tcp becomes force_tcp");
        return undefined;
      }
      if (first?.text !== "grpc") return `the protocol "${written.slice("protocol ".length)}"`;
      if (others.length === 1 && others[0]!.text === "insecure") {
        gone.push(option);
        said.push("grpc without tls is insecure");
      } else {
        splices.push(inPlaceOf(option.name, "tls"), withoutWord(first));
        said.push("the files of protocol grpc become those of tls");
      }
      return undefined;
    default:
      return `the option "${option.name.text}"`;
  }
}
