import type { Finding } from "@ashlar/core";
import { isWithin, zonesOf } from "../go/addresses.ts";
import { lintFinding } from "../lint-finding.ts";
import { type LintServer, type LintSubject, option, type Statement, statements } from "../statements.ts";

/** Plugins that give answers of their own. */
const ANSWERS = new Set(
  "template hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd forward grpc erratic whoami dynupdate nomad".split(
    " ",
  ),
);
/** Plugins that answer for their zones alone, whether they know the name or not, unless `fallthrough` hands it on. */
const AUTHORITATIVE = ["hosts", "kubernetes", "file", "etcd", "secondary"];

/** Names that end at a plugin which does not know them, though a later one would, and `fallthrough` to nothing. */
export function deadEnds({ servers, order }: LintSubject): Finding[] {
  return servers.flatMap((server) => {
    const later = (plugin: string) =>
      order.slice(order.indexOf(plugin) + 1).filter((name) => ANSWERS.has(name) && server.plugins.has(name));
    return [
      ...AUTHORITATIVE.flatMap((plugin) =>
        statements(server, plugin).flatMap((statement) => check(server, plugin, statement, later(plugin))),
      ),
      ...withoutAnswer(server),
    ];
  });
}

function check(
  server: LintServer,
  plugin: string,
  statement: Statement,
  later: readonly string[],
): Finding[] {
  const fallthrough = option(statement, "fallthrough");
  const own = new Set(server.addresses.map(({ zone }) => zone));
  const written = statement.args.slice(plugin === "hosts" || plugin === "file" ? 1 : 0);
  const zones =
    written.length > 0
      ? written.flatMap(({ text }) => zonesOf(text))
      : server.addresses.map(({ zone }) => zone);
  const warn = (message: string, hint: string, token = statement.name) => [
    lintFinding("dns/no-dead-end", "warning", `${plugin}: ${message}`, hint, token),
  ];
  if (!fallthrough) {
    const whole = zones.find((zone) => own.has(zone) && isBroad(zone, plugin));
    const root = zones.find((zone) => zone === ".");
    if ((root ?? whole) === undefined || later.length === 0) return [];
    return warn(
      `a name of "${root ?? whole}" that it does not know ends here and never comes to ${later[0]}`,
      plugin === "kubernetes"
        ? "name the zones of the cluster, or write fallthrough"
        : "write fallthrough in its block",
    );
  }
  if (later.length === 0 && zones.length > 0)
    return warn(
      "fallthrough hands names on, and no later plugin of this block answers",
      "take fallthrough away",
      fallthrough.name,
    );
  const outside = fallthrough.args.find(
    ({ text }) =>
      zones.length > 0 &&
      zonesOf(text).every((zone) => !zones.some((own) => isWithin(zone, own) || isWithin(own, zone))),
  );
  if (outside)
    return warn(
      `fallthrough ${outside.text} holds for no name: it is none of the plugin's zones`,
      `write one of ${zones.join(", ")}`,
      outside,
    );
  return [];
}

/** hosts holds a few names of a zone; the others are meant to go on. */
function isBroad(zone: string, plugin: string): boolean {
  return plugin === "hosts" || zone === ".";
}

function withoutAnswer(server: LintServer): Finding[] {
  const key = server.block.keys[0];
  const names = [...server.plugins.keys()];
  if (
    !key ||
    names.some(
      (name) =>
        ANSWERS.has(name) ||
        name === "view" ||
        name === "acl" ||
        name === "any" ||
        name === "chaos" ||
        name === "import",
    )
  )
    return [];
  return [
    lintFinding(
      "dns/no-dead-end",
      "warning",
      `no plugin of the server block "${key.text}" answers: every name is refused`,
      "write forward, kubernetes, hosts, file or another plugin that answers",
      key.token,
    ),
  ];
}
