import { nextStatement, remainingArgs, word } from "../dispenser.ts";
import { zonesOf } from "../go/addresses.ts";
import { isLabelSelector } from "../go/label-selector.ts";
import { parseDuration, parseFloat64, parseUint } from "../go/numbers.ts";
import { refuse } from "../refusal.ts";
import {
  args,
  duration,
  each,
  following,
  integer,
  once,
  one,
  oneOf,
  options,
  origins,
  type Setup,
} from "./arguments.ts";

/** The greatest number of 32 bits with a fraction. */
const MAX_FLOAT32 = 3.4028235677973366e38;

export const kubernetes: Setup = (c, context) =>
  once(c, () => {
    const start = c.tokens[c.cursor];
    const zones = origins(remainingArgs(c), context);
    if (!zones.some((zone) => !zone.endsWith(".in-addr.arpa.") && !zone.endsWith(".ip6.arpa.")))
      refuse(c, "only reverse zones are given", "write the domain of the cluster too: cluster.local", start);
    let [namespaces, namespaceLabels, endpoints, zonal] = [false, false, true, false];
    let multicluster: readonly string[] = [];
    const selector = () => {
      const words = args(c, `${word(c)} SELECTOR`, 1);
      const text = words.map((token) => token.text).join(" ");
      if (!isLabelSelector(text))
        refuse(
          c,
          `"${text}" is not a selector of labels`,
          'write "key=value", "key in (a,b)" or "!key"',
          words[0],
        );
    };
    const limit = (name: string) => () => integer(c, one(c, `${name} NUMBER`), 0);
    options(c, context, {
      endpoint_pod_names: () => args(c, "endpoint_pod_names", 0, 0),
      pods: () => oneOf(c, one(c, "pods disabled|insecure|verified"), ["disabled", "insecure", "verified"]),
      namespaces: () => {
        args(c, "namespaces NAMESPACE…", 1);
        namespaces = true;
      },
      endpoint: () => args(c, "endpoint URL", 1),
      tls: () => args(c, "tls CERT KEY CA", 3, 3),
      labels: selector,
      namespace_labels: () => {
        selector();
        namespaceLabels = true;
      },
      fallthrough: () => remainingArgs(c),
      ttl: () => integer(c, args(c, "ttl SECONDS", 1)[0]!, 0, 3600),
      noendpoints: () => {
        args(c, "noendpoints", 0, 0);
        endpoints = false;
      },
      zonal: () => {
        args(c, "zonal", 0, 0);
        zonal = true;
      },
      ignore: () => {
        const [what] = remainingArgs(c);
        if (what) oneOf(c, what, ["empty_service"]);
      },
      kubeconfig: () => args(c, "kubeconfig FILE [CONTEXT]", 1, 2),
      multicluster: () => {
        multicluster = remainingArgs(c).flatMap(({ text }) => zonesOf(text));
      },
      startup_timeout: () => duration(c, args(c, "startup_timeout DURATION", 1)[0]!),
      apiserver_qps: () => {
        const rate = one(c, "apiserver_qps NUMBER");
        const value = parseFloat64(rate.text, MAX_FLOAT32);
        if (value === undefined || value < 0)
          refuse(c, `"${rate.text}" is not a number from 0`, "write a number", rate);
      },
      apiserver_burst: limit("apiserver_burst"),
      apiserver_max_inflight: limit("apiserver_max_inflight"),
    });
    if (namespaces && namespaceLabels)
      refuse(c, "namespaces and namespace_labels cannot both stand", "keep one of the two");
    const foreign = multicluster.find((zone) => !zones.includes(zone));
    if (foreign)
      refuse(
        c,
        `the multicluster zone ${foreign} is none of the plugin's zones`,
        `write kubernetes … ${foreign}`,
      );
    if (zonal && !endpoints) refuse(c, "zonal needs the endpoints", "take noendpoints away");
  });

export const k8sExternal: Setup = (c, context) =>
  each(c, () => {
    remainingArgs(c);
    options(c, context, {
      ttl: () => integer(c, args(c, "ttl SECONDS", 1)[0]!, 0, 3600),
      apex: () => args(c, "apex NAME", 1),
      headless: () => undefined,
      fallthrough: () => remainingArgs(c),
    });
  });

export const etcd: Setup = (c, context) => {
  nextStatement(c);
  remainingArgs(c);
  const lease = (name: string) => () => {
    const token = following(c, `${name} DURATION`);
    const text = token.text.trim();
    const seconds = text === "" ? 0 : parseDuration(parseUint(text, 64) === undefined ? text : `${text}s`);
    if (seconds === undefined || seconds < 0 || seconds > 4_294_967_295)
      refuse(c, `"${token.text}" is not a TTL`, 'write "30", "30s" or "5m"', token);
  };
  options(c, context, {
    stubzones: () => undefined,
    fallthrough: () => remainingArgs(c),
    debug: () => undefined,
    no_apex_fallback: () => args(c, "no_apex_fallback", 0, 0),
    path: () => following(c, "path PATH"),
    endpoint: () => args(c, "endpoint URL…", 1),
    upstream: () => remainingArgs(c),
    tls: () => args(c, "tls [CERT KEY] [CA]", 0, 3),
    credentials: () => args(c, "credentials USER PASSWORD", 2, 2),
    "min-lease-ttl": lease("min-lease-ttl"),
    "max-lease-ttl": lease("max-lease-ttl"),
  });
};

export const nomad: Setup = (c, context) => {
  nextStatement(c);
  remainingArgs(c);
  options(
    c,
    context,
    {
      address: () => {
        for (const url of args(c, "address URL…", 1))
          if (/^[^/]*:/.test(url.text) && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url.text))
            refuse(c, `"${url.text}" is no URL`, "write http://HOST:PORT", url);
      },
      filter: () => one(c, "filter EXPRESSION"),
      token: () => one(c, "token TOKEN"),
      ttl: () => integer(c, one(c, "ttl SECONDS"), 0, 3600),
    },
    (name) => name.toLowerCase(),
  );
};
