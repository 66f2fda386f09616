import type { CorefileToken } from "../../corefile/ast.ts";
import { remainingArgs } from "../dispenser.ts";
import { atoi } from "../go/numbers.ts";
import { refuse } from "../refusal.ts";
import { args, duration, integer, once, one, oneOf, options, type Setup } from "./arguments.ts";

export const cache: Setup = (c, context) =>
  once(c, () => {
    const found = remainingArgs(c);
    const ttl = found[0] && atoi(found[0].text);
    if (ttl !== undefined && ttl <= 0)
      refuse(
        c,
        `the TTL ${ttl} is not above 0`,
        "write the longest time to keep answers, in seconds",
        found[0],
      );
    const sizes = (name: string) => () => {
      const [capacity, most, least] = args(c, `${name} CAPACITY [TTL] [MINTTL]`, 1);
      integer(c, capacity!);
      if (most) integer(c, most, 1);
      if (least) integer(c, least, 0);
    };
    let [stale, policy] = [false, false];
    options(c, context, {
      success: sizes("success"),
      denial: sizes("denial"),
      prefetch: () => {
        const [amount, time, percentage] = args(c, "prefetch AMOUNT [DURATION] [PERCENTAGE%]", 1, 3);
        integer(c, amount!, 0);
        if (time) duration(c, time);
        if (percentage) readPercentage(percentage);
      },
      serve_stale: () => {
        stale = true;
        const [upTo, mode, ...rest] = args(c, "serve_stale [DURATION] [immediate|verify] …", 0, 5);
        if (upTo) duration(c, upTo, 0);
        const verify =
          mode && oneOf(c, { ...mode, text: mode.text.toLowerCase() }, ["immediate", "verify"]) === "verify";
        const [timeout, ttl, recheck] = verify ? rest : [undefined, ...rest];
        if (timeout) duration(c, timeout, 0);
        if (!verify && rest.length > 2)
          refuse(
            c,
            "too many words for serve_stale",
            "write serve_stale DURATION immediate [TTL] [RECHECK]",
            rest[2],
          );
        if (ttl && (!Number.isInteger(duration(c, ttl, 0)) || duration(c, ttl) > 4_294_967_295))
          refuse(
            c,
            `the TTL ${ttl.text} is not a whole number of seconds`,
            'write whole seconds: "30s"',
            ttl,
          );
        if (recheck) duration(c, recheck, 0, 300);
      },
      serve_stale_policy: () => {
        if (policy) refuse(c, "serve_stale_policy stands twice", "keep one of the two");
        policy = true;
        const value = one(c, "serve_stale_policy prefer_positive");
        oneOf(c, { ...value, text: value.text.toLowerCase() }, ["prefer_positive"]);
      },
      servfail: () => duration(c, one(c, "servfail DURATION"), 0, 300),
      disable: () => oneOf(c, args(c, "disable success|denial [ZONES…]", 1)[0]!, ["success", "denial"]),
      keepttl: () => args(c, "keepttl", 0, 0),
    });
    if (policy && !stale) refuse(c, "serve_stale_policy without serve_stale", "write serve_stale too");

    function readPercentage(token: CorefileToken): void {
      const value = atoi(token.text.slice(0, -1));
      if (!token.text.endsWith("%") || value === undefined || value < 10 || value > 90)
        refuse(
          c,
          `"${token.text}" is not a percentage from 10% to 90%`,
          "write a number from 10% to 90%",
          token,
        );
    }
  });
