import type { CorefileToken } from "../../corefile/ast.ts";
import { compareReleases } from "../../plugins/table.ts";
import { type Dispenser, nextArg, remainingArgs, word } from "../dispenser.ts";
import { isDomainName, isIp, splitHostPort, transportOf, zonesOf } from "../go/addresses.ts";
import { RCODES } from "../go/dns-words.ts";
import { parseUint } from "../go/numbers.ts";
import { Refusal, refuse, refuseCount } from "../refusal.ts";
import {
  args,
  duration,
  each,
  following,
  type Handlers,
  integer,
  ip,
  once,
  oneOf,
  options,
  type Setup,
  type SetupContext,
} from "./arguments.ts";

const MAX_UPSTREAMS = 15;

/** A server block may have several forward lines since this release; before it CoreDNS ends with them. */
const SEVERAL = "1.10.0";

/** Host names as upstreams are looked up at the start since this release; before it CoreDNS ends with them. */
export const NAMES_AS_UPSTREAMS = "1.14.4";

export const forward: Setup = (c, context) =>
  (compareReleases(context.release, SEVERAL) < 0 ? once : each)(c, () => {
    const to = readTarget(c, "forward FROM TO…");
    let [maxAge, expire, serverName] = [0, 10, ""];
    const flag = () => {
      if (nextArg(c)) refuseCount(c, "the option alone");
    };
    options(c, context, {
      ...common(c, (name) => {
        serverName = name;
      }),
      max_fails: () => uint32(c, "max_fails"),
      max_connect_attempts: () => uint32(c, "max_connect_attempts"),
      health_check: () => readHealthCheck(c),
      force_tcp: flag,
      prefer_udp: flag,
      next_on_nodata: flag,
      failfast_all_unhealthy_upstreams: () => args(c, "failfast_all_unhealthy_upstreams", 0, 0),
      expire: () => {
        expire = duration(c, following(c, "expire DURATION"), 0);
      },
      max_age: () => {
        maxAge = duration(c, following(c, "max_age DURATION"), 0);
      },
      max_idle_conns: () => integer(c, following(c, "max_idle_conns NUMBER"), 0),
      max_concurrent: () => integer(c, following(c, "max_concurrent NUMBER"), 0),
      read_timeout: () => {
        const token = following(c, "read_timeout DURATION");
        if (duration(c, token) <= 0)
          refuse(c, "read_timeout is not above 0", "write a duration above 0", token);
      },
      doh_method: () => oneOf(c, following(c, "doh_method POST|GET"), ["POST", "GET"]),
      next: () => rcodes(c, "next"),
      failover: () => {
        for (const code of rcodes(c, "failover"))
          if (code.text.toUpperCase() === "NOERROR")
            refuse(c, "NOERROR cannot be a reason for failover", "take it away", code);
      },
      resolver: () => {
        for (const token of args(c, "resolver ADDRESS…", 1))
          ip(c, { ...token, text: splitHostPort(token.text)?.host ?? token.text });
      },
      source_address: () => ip(c, following(c, "source_address ADDRESS")),
    });
    if (maxAge > 0 && maxAge < expire)
      refuse(c, `max_age (${maxAge}s) is less than expire (${expire}s)`, "make max_age the longer one");
    for (const token of to) checkUpstream(c, token, serverName, context);
    // The folder "." is read as a file without nameservers.
    const upstreams = to.filter(({ text }) => text !== ".");
    if (upstreams.length === 0)
      refuse(c, "no upstream is given", "write an IP address after the zone", to[0]);
    if (upstreams.length > MAX_UPSTREAMS)
      refuse(
        c,
        `${upstreams.length} upstreams, and at most ${MAX_UPSTREAMS} are allowed`,
        "take some away",
        upstreams[MAX_UPSTREAMS],
      );
  });

export const grpc: Setup = (c, context) =>
  once(c, () => {
    const to = readTarget(c, "grpc FROM TO…");
    options(c, context, {
      ...common(c, () => undefined),
      fallthrough: () => remainingArgs(c),
    });
    for (const token of to) {
      const address = upstreamAddress(token.text);
      if (address.rest === "") refuse(c, `"${token.text}" is no address`, "write IP:PORT", token);
      if (address.kind === "name")
        refuse(c, `"${token.text}" is neither an IP address nor a file`, "write an IP address", token);
    }
    if (to.length > MAX_UPSTREAMS)
      refuse(
        c,
        `${to.length} upstreams, and at most ${MAX_UPSTREAMS} are allowed`,
        "take some away",
        to[MAX_UPSTREAMS],
      );
  });

function readTarget(c: Dispenser, usage: string): CorefileToken[] {
  const from = following(c, usage);
  if (zonesOf(from.text).length === 0)
    refuse(c, `"${from.text}" is no zone to forward`, 'write a domain name, or "." for all names', from);
  return args(c, usage, 1);
}

/** Options that forward and grpc share. */
function common(c: Dispenser, onServerName: (name: string) => void): Handlers {
  return {
    except: () => args(c, "except ZONE…", 1),
    tls: () => args(c, "tls [CERT KEY] [CA]", 0, 3),
    tls_servername: () => onServerName(following(c, "tls_servername NAME").text),
    policy: () => oneOf(c, following(c, "policy POLICY"), ["random", "round_robin", "sequential"]),
  };
}

function uint32(c: Dispenser, name: string): void {
  const token = following(c, `${name} NUMBER`);
  if (parseUint(token.text, 32) === undefined)
    refuse(c, `"${token.text}" is not a number from 0`, `write ${name} NUMBER`, token);
}

function rcodes(c: Dispenser, name: string): CorefileToken[] {
  const found = args(c, `${name} RCODE…`, 1);
  for (const code of found)
    if (!RCODES.has(code.text.toUpperCase()))
      refuse(c, `"${code.text}" is no response code`, "write SERVFAIL, NXDOMAIN, REFUSED …", code);
  return found;
}

function readHealthCheck(c: Dispenser): void {
  duration(c, following(c, "health_check DURATION"), 0);
  while (nextArg(c)) {
    if (word(c) === "no_rec") continue;
    if (word(c) !== "domain")
      refuse(c, `health_check has no option "${word(c)}"`, "write no_rec or domain NAME");
    const name = following(c, "health_check DURATION domain NAME");
    if (!isDomainName(name.text)) refuse(c, `"${name.text}" is no domain name`, "write a domain name");
  }
}

export interface UpstreamAddress {
  readonly transport: string;
  /** What follows the scheme. */
  readonly rest: string;
  /** An address, a file with nameservers, or a host name that is to be looked up. */
  readonly kind: "ip" | "file" | "name" | "unix";
  readonly host: string;
  /** Empty: the transport's own. */
  readonly port: string;
  /** The name in a certificate, after `%`. */
  readonly serverName: string;
}

/** An upstream as forward reads it: `10.0.0.1`, `tls://9.9.9.9%dns.example.test:853`, `/etc/resolv.conf`, `dns.example.test`. */
export function upstreamAddress(text: string): UpstreamAddress {
  const { transport, rest } = transportOf(text);
  const split = splitHostPort(rest);
  const host = split?.host ?? rest.replace(/^[[\]]+|[[\]]+$/g, "");
  const percent = host.lastIndexOf("%");
  const bare = percent < 0 ? host : host.slice(0, percent);
  const serverName = percent < 0 ? "" : host.slice(percent + 1);
  const kind =
    transport === "unix"
      ? "unix"
      : isIp(bare)
        ? "ip"
        : rest === "." || (rest.includes("/") && !split)
          ? "file"
          : "name";
  return { transport, rest, kind, host: bare, port: split?.port ?? "", serverName };
}

function checkUpstream(
  c: Dispenser,
  token: CorefileToken,
  serverName: string,
  { release }: SetupContext,
): void {
  const { text } = token;
  const upstream = upstreamAddress(text);
  const { transport, rest, kind } = upstream;
  if (rest === "") refuse(c, `"${text}" is no address`, "write an IP address after the scheme", token);
  // An address for https3 without a port becomes an empty one (parse.HostPortOrFile), which passes.
  const passes = transport === "https3" && kind === "ip" && upstream.port === "";
  if (!passes && !["dns", "tls", "quic", "https"].includes(transport))
    refuse(
      c,
      `forward cannot speak ${transport}`,
      "write an address with dns://, tls://, https:// or quic://",
      token,
    );
  if (transport === "https" && rest.includes("/"))
    refuse(c, `"${text}" has a path`, "write the address alone: the path is /dns-query", token);
  if ((transport === "tls" || transport === "quic") && serverName !== "" && upstream.serverName !== "")
    refuse(
      c,
      `the name of the server is given twice: ${upstream.serverName} and tls_servername ${serverName}`,
      "keep one of the two",
      token,
    );
  if (kind !== "name") return;
  const name = upstream.host;
  const isName =
    /^(?=.*[^0-9.])[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/.test(
      name,
    );
  if (compareReleases(release, NAMES_AS_UPSTREAMS) < 0 || !isName)
    throw new Refusal(
      isName ? "dns/no-name-as-upstream" : "dns/valid-plugin",
      `"${text}" is neither an IP address nor a file`,
      "write an IP address, or a file as /etc/resolv.conf",
      token,
    );
}
