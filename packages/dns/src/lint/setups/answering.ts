import type { CorefileToken } from "../../corefile/ast.ts";
import { compareReleases } from "../../plugins/table.ts";
import { currentToken, nextBlock, nextStatement, remainingArgs, word } from "../dispenser.ts";
import { ipZone, isIp, isIpv4 } from "../go/addresses.ts";
import { CLASSES, RCODES, TYPES } from "../go/dns-words.ts";
import { atoi, parseUint } from "../go/numbers.ts";
import { templateMistake } from "../go/template.ts";
import { checkOptionAge, refuse, refuseCount, refuseOption } from "../refusal.ts";
import {
  args,
  cidr,
  duration,
  each,
  following,
  ip,
  once,
  one,
  options,
  pattern,
  type Setup,
} from "./arguments.ts";

/** Plugins that give, change or refuse answers. */

export const acl: Setup = (c, { release }) =>
  each(c, () => {
    remainingArgs(c);
    while (nextBlock(c)) {
      const action = word(c).toLowerCase();
      checkOptionAge(c, action, release);
      if (!["allow", "block", "filter", "drop"].includes(action))
        refuse(c, `"${word(c)}" is no action of acl`, "write allow, block, filter or drop");
      readSections(remainingArgs(c));
    }

    function readSections(words: readonly CorefileToken[]): void {
      const isSection = (token: CorefileToken | undefined) =>
        token !== undefined && ["type", "net"].includes(token.text.toLowerCase());
      for (let at = 0; at < words.length; ) {
        const section = words[at++]!;
        if (!isSection(section))
          refuse(c, `"${section.text}" is neither type nor net`, "write type … or net …", section);
        const start = at;
        while (at < words.length && !isSection(words[at])) at++;
        if (at === start)
          refuse(c, `nothing follows ${section.text}`, `write ${section.text} and what it is`, section);
        for (const token of words.slice(start, at)) {
          if (token.text === "*") break;
          if (section.text.toLowerCase() === "type") {
            if (!TYPES.has(token.text))
              refuse(c, `"${token.text}" is no record type`, "write A, AAAA, TXT … in capitals", token);
          } else {
            const bits = token.text.includes(":") ? "/128" : "/32";
            cidr(c, token, token.text.includes("/") ? token.text : token.text + bits);
          }
        }
      }
    }
  });

export const header: Setup = (c, { release }) => {
  const withoutSelector = compareReleases(release, "1.12.4") < 0;
  let rules = 0;
  while (rules === 0 && nextStatement(c)) {
    while (nextBlock(c)) {
      const selector = word(c).toLowerCase();
      checkOptionAge(c, selector, release);
      const bare = withoutSelector && ["set", "clear"].includes(selector);
      if (!bare && selector !== "query" && selector !== "response")
        refuse(
          c,
          `"${word(c)}" does not say what header is to change`,
          "write query or response before set or clear",
        );
      const [action, ...flags] = bare
        ? [currentToken(c)!, ...args(c, `${selector} aa|ra|rd`, 1)]
        : args(c, `${selector} set|clear aa|ra|rd`, 2);
      if (!["set", "clear"].includes(action!.text.toLowerCase()))
        refuse(c, `"${action!.text}" is neither set nor clear`, "write set or clear", action);
      for (const flag of flags)
        if (!["aa", "ra", "rd"].includes(flag.text.toLowerCase()))
          refuse(c, `"${flag.text}" is no flag that header can change`, "write aa, ra or rd", flag);
      rules++;
    }
  }
  if (rules === 0) refuse(c, "header without a rule", "write response set|clear aa|ra|rd in a block");
};

function readPrefix(c: Parameters<Setup>[0], token: CorefileToken): void {
  const { bits, of } = cidr(c, token);
  if (of !== 128 || ![32, 40, 48, 56, 64, 96].includes(bits))
    refuse(
      c,
      `"${token.text}" is no prefix for the translation`,
      "write an IPv6 block of 32, 40, 48, 56, 64 or 96 bits",
      token,
    );
}

export const dns64: Setup = (c, context) =>
  each(c, () => {
    const [prefix] = args(c, "dns64 [PREFIX]", 0, 1);
    if (prefix) {
      readPrefix(c, prefix);
      return;
    }
    options(c, context, {
      prefix: () => readPrefix(c, following(c, "prefix PREFIX")),
      translate_all: () => undefined,
      allow_ipv4: () => undefined,
    });
  });

export const siit: Setup = (c, context) =>
  each(c, () => {
    args(c, "siit", 0, 0);
    options(c, context, {
      ipv6_prefix: () => {
        const token = following(c, "ipv6_prefix PREFIX");
        readPrefix(c, token);
        const { bits } = cidr(c, token);
        // Bits 64 to 71 are nibbles 15 and 14 from the end of the reverse name.
        const nibbles = ipZone(token.text.slice(0, token.text.indexOf("/"))).split(".");
        if (bits === 96 && (nibbles[14] !== "0" || nibbles[15] !== "0"))
          refuse(
            c,
            `bits 64 to 71 of "${token.text}" are not 0`,
            "write a prefix with 0 there (RFC 6052)",
            token,
          );
      },
      eam: () => {
        const [v4, v6] = args(c, "eam IPV4 IPV6", 2, 2);
        ip(c, v4!);
        ip(c, v6!);
        if (!isIpv4(v4!.text)) refuse(c, `"${v4!.text}" is not an IPv4 address`, "write eam IPV4 IPV6", v4);
        if (isIpv4(v6!.text)) refuse(c, `"${v6!.text}" is not an IPv6 address`, "write eam IPV4 IPV6", v6);
      },
    });
  });

export const loadbalance: Setup = (c, context) =>
  each(c, () => {
    const [policy, ...rest] = remainingArgs(c);
    if (policy && policy.text !== "round_robin" && policy.text !== "weighted")
      refuse(c, `"${policy.text}" is no policy of loadbalance`, "write round_robin or weighted FILE", policy);
    const wanted = policy?.text === "weighted" ? 1 : 0;
    if (rest.length !== wanted)
      refuseCount(c, wanted ? "loadbalance weighted FILE" : "loadbalance round_robin");
    if (wanted) options(c, context, { reload: () => duration(c, one(c, "reload DURATION")) });
    options(c, context, {
      prefer: () => {
        for (const block of remainingArgs(c)) cidr(c, block);
      },
    });
  });

export const autopath: Setup = (c) =>
  each(c, () => {
    args(c, "autopath [ZONES…] FILE|@PLUGIN", 1);
  });

export const template: Setup = (c, context) =>
  each(c, () => {
    const queryClass = following(c, "template CLASS TYPE [ZONES…]");
    if (!CLASSES.has(queryClass.text))
      refuse(c, `"${queryClass.text}" is no class`, "write IN or ANY, in capitals", queryClass);
    const type = following(c, "template CLASS TYPE [ZONES…]");
    if (!TYPES.has(type.text))
      refuse(c, `"${type.text}" is no record type`, "write A, AAAA or ANY, in capitals", type);
    remainingArgs(c);
    const texts = (name: string) => () => {
      for (const token of args(c, `${name} TEXT…`, 1)) {
        const mistake = templateMistake(token.text);
        if (mistake)
          refuse(
            c,
            `Go's templates do not take "${token.text}": ${mistake}`,
            "see Go's text/template",
            token,
          );
      }
    };
    options(c, context, {
      match: () => {
        for (const token of args(c, "match REGEXP…", 1)) pattern(c, token);
      },
      answer: texts("answer"),
      additional: texts("additional"),
      authority: texts("authority"),
      // The language of expressions is not read here.
      var: () => {
        const [name] = args(c, "var NAME EXPRESSION", 2);
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name!.text))
          refuse(c, `"${name!.text}" is no name of a variable`, "write letters, digits and _", name);
      },
      expr: () => args(c, "expr EXPRESSION", 1),
      rcode: () => {
        const code = following(c, "rcode RCODE");
        if (!RCODES.has(code.text))
          refuse(c, `"${code.text}" is no response code`, "write NXDOMAIN, NOERROR …, in capitals", code);
      },
      ederror: () => {
        const [code] = args(c, "ederror CODE [TEXT]", 1, 2);
        if (parseUint(code!.text, 16) === undefined)
          refuse(c, `"${code!.text}" is no code of an error`, "write a number up to 65535", code);
      },
      fallthrough: () => remainingArgs(c),
      upstream: () => remainingArgs(c),
    });
  });

export const hosts: Setup = (c, { release }) => {
  let [fallthroughs, unsupported] = [0, false];
  once(c, () => {
    remainingArgs(c);
    while (nextBlock(c)) {
      const name = word(c);
      checkOptionAge(c, name, release);
      if (name === "fallthrough") {
        remainingArgs(c);
        fallthroughs++;
      } else if (name === "fallthrough_unsupported") {
        args(c, "fallthrough_unsupported", 0, 0);
        unsupported = true;
      } else if (name === "ttl") {
        const [ttl] = args(c, "ttl SECONDS", 1);
        const seconds = atoi(ttl!.text);
        if (seconds === undefined || seconds < 1 || seconds > 65_535)
          refuse(c, `"${ttl!.text}" is no TTL from 1 to 65535`, "write a number from 1 to 65535", ttl);
      } else if (name === "reload") duration(c, one(c, "reload DURATION"), 0);
      else if (name !== "no_reverse") readEntry();
    }
  });
  if (unsupported && fallthroughs === 0)
    refuse(c, "fallthrough_unsupported without fallthrough", "write fallthrough too");

  function readEntry(): void {
    const entry = word(c);
    if (fallthroughs > 0) {
      if (isIp(entry))
        refuse(c, `the entry "${entry} …" stands after fallthrough`, "put entries before fallthrough");
      refuseOption(c, ["fallthrough", "no_reverse", "ttl", "reload", "fallthrough_unsupported"], release);
    }
    remainingArgs(c);
  }
};
