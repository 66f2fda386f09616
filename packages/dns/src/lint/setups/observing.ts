import { next, nextArg, nextBlock, nextStatement, remainingArgs, word } from "../dispenser.ts";
import { atoi, parseBool, parseFloat64, parseUint } from "../go/numbers.ts";
import { checkOptionAge, refuse, refuseCount, refuseTwice } from "../refusal.ts";
import {
  args,
  duration,
  each,
  following,
  integer,
  listenAddress,
  once,
  one,
  oneOf,
  options,
  pattern,
  type Setup,
} from "./arguments.ts";

/** Plugins that log, count and tell how CoreDNS is. */

export const errors: Setup = (c, context) =>
  once(c, () => {
    const [file] = args(c, "errors", 0, 1);
    if (file && file.text !== "stdout")
      refuse(c, `errors cannot write to "${file.text}"`, "take the word away: errors go to the log", file);
    options(c, context, {
      stacktrace: () => undefined,
      consolidate: () => {
        const [period, expression, ...rest] = args(
          c,
          "consolidate DURATION REGEXP [LEVEL] [show_first]",
          2,
          4,
        );
        duration(c, period!);
        pattern(c, expression!);
        let [level, first] = [false, false];
        for (const token of rest) {
          oneOf(c, token, ["warning", "error", "info", "debug", "show_first"]);
          if (token.text === "show_first") first = true;
          else if (level || first)
            refuse(
              c,
              "a level of the log may stand once, before show_first",
              "write LEVEL show_first",
              token,
            );
          else level = true;
        }
      },
    });
  });

export const log: Setup = (c, context) =>
  each(c, () => {
    remainingArgs(c);
    options(c, context, {
      class: () => {
        for (const name of args(c, "class all|success|denial|error", 1))
          oneOf(c, name, ["all", "success", "denial", "error"]);
      },
    });
  });

export const health: Setup = (c, context) =>
  each(c, () => {
    const [address] = args(c, "health [ADDRESS]", 0, 1);
    if (address) listenAddress(c, address);
    options(c, context, { lameduck: () => duration(c, one(c, "lameduck DURATION")) });
  });

export const ready: Setup = (c, context) =>
  once(c, () => {
    const [address] = args(c, "ready [ADDRESS]", 0, 1);
    if (address) listenAddress(c, address);
    options(c, context, {
      monitor: () => oneOf(c, one(c, "monitor until-ready|continuously"), ["until-ready", "continuously"]),
    });
  });

export const prometheus: Setup = (c, context) =>
  once(c, () => {
    const [address] = args(c, "prometheus [ADDRESS]", 0, 1);
    if (address) listenAddress(c, address);
    let tls = "";
    options(c, context, {
      runtime_metrics: () => args(c, "runtime_metrics", 0, 0),
      tls: () => {
        if (tls !== "") refuse(c, "tls stands twice", "keep one of the two");
        tls = one(c, "tls FILE").text;
      },
    });
  });

export const pprof: Setup = (c, context) =>
  once(c, () => {
    const found = remainingArgs(c);
    if (found.length === 1) listenAddress(c, found[0]!);
    if (found.length > 1) refuseCount(c, "pprof [ADDRESS]");
    options(c, context, {
      block: () => {
        const [rate] = args(c, "block [RATE]", 0, 1);
        if (rate) integer(c, rate);
      },
    });
  });

export const shed: Setup = (c, { transports }) => {
  once(c, () => {
    args(c, "shed", 0, 0);
    if (nextBlock(c)) refuse(c, `shed has no option "${word(c)}"`, "take the block away");
  });
  const other = transports.find((transport) => transport !== "dns");
  if (other)
    refuse(
      c,
      `shed works for plain DNS only; a key of this block is for ${other}`,
      "give that key a block of its own",
    );
};

export const debug: Setup = (c) =>
  each(c, () => {
    if (nextArg(c)) refuseCount(c, "debug");
  });

export const local: Setup = (c, context) =>
  each(c, () => {
    args(c, "local", 0, 0);
    options(c, context, {
      localhost_prefix: () => oneOf(c, one(c, "localhost_prefix on|off"), ["on", "off"]),
    });
  });

export const nsid: Setup = (c) => once(c, () => remainingArgs(c));

export const chaos: Setup = (c) => {
  nextStatement(c);
  remainingArgs(c);
  if (nextBlock(c)) refuse(c, `chaos has no option "${word(c)}"`, "take the block away");
};

export const trace: Setup = (c, context) =>
  each(c, () => {
    const found = args(c, "trace [TYPE] [ADDRESS]", 0, 2);
    if (found.length === 2)
      oneOf(c, { ...found[0]!, text: found[0]!.text.toLowerCase() }, ["zipkin", "datadog"]);
    const whole = (usage: string) => () => {
      integer(c, one(c, usage));
    };
    options(c, context, {
      every: () => {
        const count = one(c, "every NUMBER");
        if (parseUint(count.text, 64) === undefined)
          refuse(c, `"${count.text}" is not a number from 0`, "write every NUMBER", count);
      },
      service: () => one(c, "service NAME"),
      client_server: () => {
        const [value] = args(c, "client_server [true|false]", 0, 1);
        if (value && parseBool(value.text) === undefined)
          refuse(c, `"${value.text}" is neither true nor false`, "write true or false", value);
      },
      datadog_analytics_rate: () => {
        const [value] = args(c, "datadog_analytics_rate RATE", 0, 1);
        const rate = value ? parseFloat64(value.text) : 0;
        if (rate === undefined || rate > 1 || rate < 0)
          refuse(c, `"${value?.text}" is not a rate from 0 to 1`, "write a rate from 0 to 1", value);
      },
      zipkin_max_backlog_size: whole("zipkin_max_backlog_size NUMBER"),
      zipkin_max_batch_size: whole("zipkin_max_batch_size NUMBER"),
      zipkin_max_batch_interval: () => duration(c, one(c, "zipkin_max_batch_interval DURATION")),
    });
  });

export const dnstap: Setup = (c, context) =>
  each(c, () => {
    const usage = "dnstap [listen] ENDPOINT [full] [BUFFER] [QUEUE]";
    let found = args(c, usage, 1);
    const listens = found[0]!.text === "listen";
    if (listens) found = found.slice(1);
    if (found.length === 0) refuseCount(c, usage);
    if (found[2]) integer(c, found[2], 1, 1024);
    if (found[3]) integer(c, found[3], 1, 4096);
    if (/^(?:tls|tcp):\/\//.test(found[0]!.text) && !isUrl(found[0]!.text))
      refuse(
        c,
        `"${found[0]!.text}" is not an address`,
        "write tcp://HOST:PORT or tls://HOST:PORT",
        found[0],
      );
    const word1 = (name: string) => () => {
      following(c, `${name} TEXT`);
    };
    options(c, context, {
      skipverify: () => undefined,
      tls: () => {
        if (!listens) refuse(c, "tls is only for dnstap listen", "take it away");
        args(c, "tls CERT KEY [CA]", 2);
      },
      identity: word1("identity"),
      version: word1("version"),
      extra: word1("extra"),
    });
  });

/** Whether Go's url.Parse takes a URL with a host; ports are digits. */
function isUrl(text: string): boolean {
  const authority = /^[a-z]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
  const port = /:([^:\]]*)$/.exec(authority.replace(/^.*@/, ""))?.[1] ?? "";
  return /^[0-9]*$/.test(port) && !/[\s<>"{}|\\^`]|%(?![0-9a-fA-F]{2})/.test(authority);
}

const UNIX_COMMAND = /^(?:\s+|"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*$/s;

export const on: Setup = (c) =>
  each(c, () => {
    const event = following(c, "on EVENT COMMAND…");
    oneOf(c, { ...event, text: event.text.toLowerCase() }, ["startup", "shutdown", "certrenew"]);
    const command = remainingArgs(c)
      .map(({ text }) => text)
      .join(" ");
    if (command.trim() === "") refuse(c, "on has no command", "write on EVENT COMMAND…");
    if (!/^[\0-\x7f]*$/.test(command))
      refuse(c, "the command has a letter beyond ASCII", "write it in ASCII");
    if (!UNIX_COMMAND.test(command)) refuse(c, "a quote in the command is not closed", "close the quote");
  });

export const geoip: Setup = (c, { release }) => {
  let seen = false;
  each(c, () => {
    following(c, "geoip FILE");
    if (seen) refuseTwice(c);
    seen = true;
    args(c, "geoip FILE", 0, 0);
    while (nextBlock(c)) {
      checkOptionAge(c, word(c), release);
      if (word(c) !== "edns-subnet") refuse(c, `geoip has no option "${word(c)}"`, "write edns-subnet");
    }
  });
};

export const metadata: Setup = (c) => {
  nextStatement(c);
  remainingArgs(c);
  if (nextBlock(c)) refuse(c, `metadata has no option "${word(c)}"`, "take the block away");
  if (next(c)) word(c) === c.plugin ? refuseTwice(c) : refuseCount(c, "metadata [ZONES…]");
};

export const root: Setup = (c) =>
  each(c, () => {
    following(c, "root FOLDER");
  });

export const cancel: Setup = (c) =>
  each(c, () => {
    const [timeout] = args(c, "cancel [DURATION]", 0, 1);
    if (timeout && duration(c, timeout) <= 0)
      refuse(c, `the duration ${timeout.text} is not above 0`, "write a duration above 0", timeout);
  });

export const erratic: Setup = (c, context) => {
  const amount = (name: string, most: number) => () => {
    const found = args(c, `${name} [NUMBER]`, 0, most);
    if (!found[0]) return;
    const value = atoi(found[0].text);
    if (value === undefined || value < 0 || value > 2_147_483_647)
      refuse(c, `"${found[0].text}" is not a number from 0`, "write a number from 0", found[0]);
    if (found[1]) duration(c, found[1]);
  };
  each(c, () =>
    options(c, context, {
      drop: amount("drop", 1),
      delay: amount("delay", 2),
      truncate: amount("truncate", 1),
      large: () => undefined,
    }),
  );
};
