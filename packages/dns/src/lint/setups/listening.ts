import type { CorefileToken } from "../../corefile/ast.ts";
import { nextArg, nextBlock, nextStatement, remainingArgs, word } from "../dispenser.ts";
import { isIp, splitHostPort } from "../go/addresses.ts";
import { atoi } from "../go/numbers.ts";
import { refuse, refuseCount, refuseTwice } from "../refusal.ts";
import {
  args,
  cidr,
  duration,
  durationOrSeconds,
  each,
  type Handlers,
  integer,
  once,
  one,
  oneOf,
  options,
  type Setup,
} from "./arguments.ts";

/** Plugins that say where and how CoreDNS listens. */

export const bind: Setup = (c, context) =>
  each(c, () => {
    const addresses = args(c, "bind ADDRESS…", 1);
    let excepted: readonly CorefileToken[] = []; // the last line counts
    options(c, context, {
      except: () => {
        excepted = args(c, "except ADDRESS…", 1);
      },
    });
    for (const name of [...addresses, ...excepted])
      if (!isIp(name.text) && !isInterfaceName(name.text))
        refuse(c, `"${name.text}" is neither an IP address nor an interface`, "write an IP address", name);
  });

/** Linux takes any name of up to 15 octets without a slash or white space; which ones there are is not known here. */
export function isInterfaceName(text: string): boolean {
  return /^[A-Za-z_][^\s/:]{0,14}$/.test(text);
}

export const bufsize: Setup = (c) => {
  nextStatement(c);
  const [size] = args(c, "bufsize SIZE", 0, 1);
  if (size) integer(c, size, 512, 4096);
};

export const multisocket: Setup = (c) => {
  nextStatement(c);
  const [count] = args(c, "multisocket [NUMBER]", 0, 1);
  if (nextStatement(c)) word(c) === c.plugin ? refuseTwice(c) : refuseCount(c, "multisocket [NUMBER]");
  if (count) integer(c, count, 1, 1024);
};

export const proxyproto: Setup = (c, context) =>
  each(c, () => {
    args(c, "proxyproto", 0, 0);
    options(c, context, {
      allow: () => {
        for (const block of remainingArgs(c)) cidr(c, block);
      },
      default: () => {
        const policy = one(c, "default use|ignore|reject|skip");
        oneOf(c, { ...policy, text: policy.text.toLowerCase() }, ["use", "ignore", "reject", "skip"]);
      },
      udp_session_tracking: () => {
        const [ttl, most] = args(c, "udp_session_tracking DURATION [NUMBER]", 1, 2);
        duration(c, ttl!);
        if (most) integer(c, most, 1);
      },
      tlv_metadata: () => args(c, "tlv_metadata", 0, 0),
    });
  });

/** Options of the plugins that set limits for one transport: a number each, once. */
function limits(minimums: Readonly<Record<string, readonly [min: number, max?: number]>>): Setup {
  return (c, context) => {
    nextStatement(c);
    args(c, c.plugin, 0, 0);
    const seen = new Set<string>();
    const handlers: Handlers = Object.fromEntries(
      Object.entries(minimums).map(([name, [min, max]]) => [
        name,
        () => {
          const token = c.tokens[c.cursor];
          integer(c, one(c, `${name} NUMBER`), min, max);
          if (seen.has(name)) refuse(c, `"${name}" stands twice`, "keep one of the two", token);
          seen.add(name);
        },
      ]),
    );
    options(c, context, handlers);
  };
}

export const quic = limits({ max_streams: [1], max_connections: [0], worker_pool_size: [1] });
export const grpcServer = limits({ max_streams: [0], max_connections: [0] });
export const https = limits({ max_connections: [0], max_streams: [0, 4_294_967_295] });
export const https3 = limits({ max_streams: [0], max_connections: [0] });

export const timeouts: Setup = (c, context) =>
  each(c, () => {
    args(c, "timeouts", 0, 0);
    let count = 0;
    const time = () => {
      const value = one(c, "read|write|idle DURATION");
      const seconds = durationOrSeconds(c, value);
      if (seconds < 1 || seconds > 86_400)
        refuse(c, `the timeout ${value.text} is not between 1s and 24h`, "write from 1s to 24h", value);
      count++;
    };
    options(c, context, {
      read: time,
      write: time,
      idle: time,
      maxtcpqueries: () => {
        const token = one(c, "maxtcpqueries NUMBER");
        if (integer(c, token, -1) === 0)
          refuse(c, "maxtcpqueries is 0", "write a number from 1, or -1 for no limit", token);
        count++;
      },
    });
    if (count === 0) refuse(c, "no timeout is given", "write read, write or idle with a duration in a block");
  });

export const tls: Setup = (c, context) =>
  each(c, () => {
    const files = remainingArgs(c);
    if (files.length === 0) {
      readAcme();
      return;
    }
    if (files.length === 1 || files.length > 3) refuseCount(c, "tls CERT KEY [CA]");
    options(c, context, {
      client_auth: () =>
        oneOf(c, one(c, "client_auth TYPE"), [
          "nocert",
          "request",
          "require",
          "verify_if_given",
          "require_and_verify",
        ]),
      keylog: () => one(c, "keylog FILE"),
    });

    function readAcme(): void {
      const start = c.tokens[c.cursor];
      const seen = new Set<string>();
      let domains = 0;
      const single = (name: string, check: (text: string) => boolean = () => true) => {
        seenOnce(name);
        const value = one(c, `${name} VALUE`);
        if (!check(value.text))
          refuse(c, `"${value.text}" does not fit ${name}`, `see the tls plugin for ${name}`, value);
      };
      const seenOnce = (name: string) => {
        if (seen.has(name)) refuse(c, `"${name}" stands twice`, "keep one of the two");
        seen.add(name);
      };
      options(c, context, {
        acme: () => {
          seenOnce("acme");
          const names = args(c, "acme DOMAIN…", 1);
          domains = names.length;
          for (const name of names)
            if (
              !/^(?:\*\.)?(?:[a-z0-9-]|[^\0-\x7f])+(?:\.(?:[a-z0-9-]|[^\0-\x7f])+)*\.?$/i.test(name.text) ||
              isIp(name.text.replace(/^\*\./, ""))
            )
              refuse(
                c,
                `"${name.text}" is no domain for a certificate`,
                "write a domain name, or *.DOMAIN",
                name,
              );
        },
        email: () => single("email"),
        ca: () => single("ca", (text) => /^https?:\/\/[^/?#]+/i.test(text)),
        storage: () => single("storage"),
        ca_root: () => single("ca_root"),
        resolver: () =>
          single("resolver", (text) => {
            const address = splitHostPort(text);
            const port = atoi(address?.port ?? "") ?? 0;
            return address !== undefined && address.host !== "" && port >= 1 && port <= 65_535;
          }),
      });
      if (domains === 0)
        refuse(
          c,
          "neither a certificate nor acme is given",
          "write tls CERT KEY, or acme DOMAIN in a block",
          start,
        );
    }
  });

export const view: Setup = (c, context) =>
  once(c, () => {
    one(c, "view NAME");
    options(c, context, {
      // The language of expressions is not read here.
      expr: () => {
        if (remainingArgs(c).length === 0) refuse(c, "expr without an expression", "write expr EXPRESSION");
      },
    });
  });

export const reload: Setup = (c) => {
  nextStatement(c);
  const [interval, jitter] = args(c, "reload [INTERVAL] [JITTER]", 0, 2);
  if (interval) duration(c, interval, 2);
  if (jitter && duration(c, jitter) < 1 && duration(c, jitter) !== 0)
    refuse(c, `the jitter ${jitter.text} is neither 0 nor at least 1s`, "write 0s, or 1s or more", jitter);
};

export const loop: Setup = (c) =>
  once(c, () => {
    if (nextArg(c)) refuseCount(c, "loop");
  });

export const noArguments: Setup = (c) => {
  nextStatement(c);
  if (nextArg(c)) refuseCount(c, c.plugin);
};

export const any: Setup = (c) => {
  nextStatement(c);
  if (nextArg(c)) refuseCount(c, "any");
  if (nextBlock(c)) refuse(c, `any has no option "${word(c)}"`, "take the block away");
};
