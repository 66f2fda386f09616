import type { CorefileToken } from "../../corefile/ast.ts";
import { zoneName } from "../../corefile/keys.ts";
import { compareReleases } from "../../plugins/table.ts";
import { type Dispenser, nextArg, nextStatement, remainingArgs, word } from "../dispenser.ts";
import { isDomainName, isIp, isWithin, splitHostPort, zonesOf } from "../go/addresses.ts";
import { OPCODES, TYPES } from "../go/dns-words.ts";
import { parseUint } from "../go/numbers.ts";
import { refuse, refuseCount, refuseTwice } from "../refusal.ts";
import {
  args,
  duration,
  each,
  following,
  integer,
  ip,
  once,
  one,
  options,
  pattern,
  type Setup,
} from "./arguments.ts";

/** Plugins that serve, copy, sign and change zones. */

export const file: Setup = (c, context) =>
  each(c, () => {
    following(c, "file FILE [ZONES…]");
    remainingArgs(c);
    options(c, context, {
      fallthrough: () => remainingArgs(c),
      reload: () => duration(c, args(c, "reload DURATION", 1)[0]!),
      reload_by_mtime: () => undefined,
      upstream: () => remainingArgs(c),
    });
  });

export const auto: Setup = (c, context) =>
  each(c, () => {
    remainingArgs(c);
    options(c, context, {
      directory: () => {
        const usage = "directory FOLDER [REGEXP TEMPLATE]";
        following(c, usage);
        if (nextArg(c)) {
          if (pattern(c, c.tokens[c.cursor]!) === 0)
            refuse(
              c,
              "the expression has no group for the zone",
              "put brackets ( ) around the name of the zone",
            );
          following(c, usage);
        }
        if (nextArg(c)) refuseCount(c, usage);
      },
      reload: () => duration(c, args(c, "reload DURATION", 1)[0]!, 0),
      upstream: () => remainingArgs(c),
    });
  });

/** An address of a server for transfers: an IP address, with a port or without. */
function transferAddress(c: Dispenser, token: CorefileToken): void {
  const split = splitHostPort(token.text);
  const host = (split?.host ?? token.text).replace(/%[^%]*$/, "");
  if (!isIp(host)) refuse(c, `"${token.text}" is not an IP address`, "write IP or IP:PORT", token);
}

export const transfer: Setup = (c, context) =>
  each(c, () => {
    remainingArgs(c);
    let [to, source] = [0, false];
    options(c, context, {
      to: () => {
        const found = args(c, "to ADDRESS…", 1);
        for (const token of found) if (token.text !== "*") transferAddress(c, token);
        to += found.length;
      },
      source: () => {
        const token = one(c, "source ADDRESS");
        if (source) refuse(c, "source stands twice", "keep one of the two");
        ip(c, token);
        source = true;
      },
    });
    if (to === 0) refuse(c, 'transfer does not say to whom: "to" is missing', "write to ADDRESS… in a block");
  });

export const secondary: Setup = (c, context) =>
  each(c, () => {
    if (word(c) !== "secondary") return;
    remainingArgs(c);
    let from = false;
    options(c, context, {
      transfer: () => {
        const word = following(c, "transfer from ADDRESS…");
        if (word.text === "to" && compareReleases(context.release, "1.8.0") < 0) {
          for (const token of args(c, "transfer to ADDRESS…", 1))
            if (token.text !== "*") transferAddress(c, token);
          return;
        }
        if (word.text !== "from")
          refuse(c, `transfer has no "${word.text}" here`, "write transfer from ADDRESS…", word);
        for (const token of args(c, "transfer from ADDRESS…", 1)) transferAddress(c, token);
        from = true;
      },
      catalog: () => {
        for (const zone of remainingArgs(c))
          if (zonesOf(zone.text).length === 0)
            refuse(c, `"${zone.text}" is no zone`, "write a domain name", zone);
      },
      fallthrough: () => remainingArgs(c),
    });
    if (!from)
      refuse(
        c,
        "secondary does not say from where the zone comes",
        "write transfer from ADDRESS… in a block",
      );
  });

export const sign: Setup = (c, context) =>
  each(c, () => {
    const database = following(c, "sign FILE [ZONES…]");
    if (database.text.includes("\ufffd"))
      refuse(c, "the file's name is not valid UTF-8", "correct the name", database);
    remainingArgs(c);
    options(c, context, {
      key: () => {
        const kind = following(c, "key file KEY…");
        if (kind.text === "file") args(c, "key file KEY…", 1);
        if (kind.text === "directory")
          refuse(c, "CoreDNS cannot read a folder of keys", "write key file KEY…", kind);
      },
      directory: () => one(c, "directory FOLDER"),
    });
  });

export const dnssec: Setup = (c, context) =>
  once(c, () => {
    remainingArgs(c);
    options(c, context, {
      key: () => {
        const kind = following(c, "key file KEY…");
        if (kind.text === "file" || kind.text === "aws_secretsmanager") args(c, `key ${kind.text} KEY…`, 1);
      },
      cache_capacity: () => integer(c, following(c, "cache_capacity NUMBER")),
    });
  });

export const tsig: Setup = (c, context) =>
  once(c, () => {
    remainingArgs(c);
    const keys = new Set<string>();
    const required = (name: string, known: ReadonlySet<string>) => () => {
      const found = args(c, `${name} all|none|NAME…`, 1);
      if (found[0]!.text === "all" || found[0]!.text === "none") return;
      for (const token of found)
        if (!known.has(token.text))
          refuse(c, `"${token.text}" is not known`, "write names in capitals", token);
    };
    options(c, context, {
      secret: () => {
        const [key] = args(c, "secret NAME KEY", 2, 2);
        const name = zoneName(key!.text);
        if (keys.has(name)) refuse(c, `the key ${name} stands twice`, "keep one of the two", key);
        keys.add(name);
      },
      secrets: () => one(c, "secrets FILE"),
      require: required("require", TYPES),
      require_opcode: required("require_opcode", OPCODES),
    });
  });

/** Types of records that dynupdate's rules cannot name. */
const NOT_STORED = new Set(["AXFR", "IXFR", "MAILA", "MAILB", "OPT", "TKEY", "TSIG"]);

export const dynupdate: Setup = (c, context) => {
  nextStatement(c);
  const [zone] = args(c, "dynupdate [ZONE]", 0, 1);
  const zones = zone ? zonesOf(zone.text) : [...new Set(context.zones)];
  if (zones.length !== 1)
    refuse(c, "dynupdate needs exactly one zone", "write the zone, or give the server block one key", zone);
  const seen = new Set<string>();
  const unique = (name: string, read: () => void) => () => {
    if (seen.has(name)) refuse(c, `"${name}" stands twice`, "keep one of the two");
    seen.add(name);
    read();
  };
  const limit = (name: string) => unique(name, () => integer(c, one(c, `${name} NUMBER`), 1));
  options(c, context, {
    database: unique("database", () => {
      if (one(c, "database FILE").text === "") refuseCount(c, "database FILE");
    }),
    max_records: limit("max_records"),
    max_bytes: limit("max_bytes"),
    max_update_records: limit("max_update_records"),
    file: unique("file", () => one(c, "file FILE")),
    allow: () => {
      seen.add("allow");
      readPermission(args(c, "allow KEY NAME TYPE…", 3));
    },
  });
  if (nextStatement(c)) refuseTwice(c);
  for (const needed of ["file", "allow"])
    if (!seen.has(needed)) refuse(c, `dynupdate without ${needed}`, `write ${needed} in the block`);

  function readPermission([key, name, ...types]: readonly CorefileToken[]): void {
    if (
      key!.text.trim() === "" ||
      key!.text === "*" ||
      key!.text === "@" ||
      !isDomainName(zoneName(key!.text))
    )
      refuse(c, `"${key!.text}" is no name of a key`, "write the name of a TSIG key", key);
    if (name!.text !== "*" && name!.text !== "@") {
      const absolute = zoneName(name!.text);
      if (!isDomainName(absolute) || !isWithin(absolute, zones[0]!))
        refuse(c, `"${name!.text}" is not in the zone ${zones[0]}`, "write a full name of the zone", name);
    }
    for (const type of types) {
      if (type.text === "*" && types.length === 1) continue;
      const text = type.text.toUpperCase();
      const number = /^TYPE/.test(text) ? parseUint(text.slice(4), 16) : undefined;
      const known = TYPES.has(text) || (number !== undefined && number > 0n && number < 65_535n);
      if (type.text === "*" || !known || NOT_STORED.has(text))
        refuse(c, `"${type.text}" is no record type for a rule`, "write A, TXT …, or * alone", type);
    }
  }
};
