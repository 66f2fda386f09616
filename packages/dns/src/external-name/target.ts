import { isAddress, shown, withoutDot } from "../cluster-dns/fields.ts";

/** Why a name cannot be what an ExternalName Service stands for, and what to write instead. */
export interface TargetProblem {
  readonly message: string;
  readonly hint: string;
}

const IPV4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/;

/** Whether a target is an IPv4 address, which the API server takes for a name. */
export function isIpv4(target: string): boolean {
  return IPV4.test(withoutDot(target));
}

/** The label of a name that does not fit into a DNS message, if there is one. */
export function tooLongLabel(target: string): string | undefined {
  return target.split(".").find((label) => label.length > 63);
}

const ADDRESS_HINT = "make a Service without a selector, and an EndpointSlice with the address";

/** What is wrong with a target, in the order in which people get it wrong; `undefined` for a name that DNS can look up. */
export function targetProblem(target: string): TargetProblem | undefined {
  const said = shown(target);
  const name = withoutDot(target);
  if (name === "") return { message: "no name is given", hint: "write the DNS name: db.example.test" };
  if (isIpv4(target) || isAddress(target.replace(/^\[(.*)\]$/, "$1")))
    return { message: `${said} is an IP address, and an ExternalName is a name`, hint: ADDRESS_HINT };
  if (/^[a-zA-Z][-+.a-zA-Z0-9]*:\/\//.test(target))
    return { message: `${said} is a URL`, hint: `write its host alone: ${hostOf(target)}` };
  if (/:[0-9]*$/.test(target))
    return {
      message: `${said} has a port, which DNS does not carry`,
      hint: `write ${hostOf(target)}; clients name the port`,
    };
  if (name.includes("*"))
    return { message: `${said} is a wildcard, and an alias is for one name`, hint: "write the name itself" };
  const long = tooLongLabel(target);
  if (long !== undefined)
    return {
      message: `the label "${long}" has ${long.length} characters; CoreDNS sends no reply for more than 63`,
      hint: "correct the name: no label of it is longer than 63",
    };
  if (name.length > 253)
    return { message: `the name has ${name.length} characters; at most 253 fit`, hint: "correct the name" };
  if (name !== name.toLowerCase())
    return {
      message: `${said} has capital letters, which the API server refuses`,
      hint: `write ${hostOf(target).toLowerCase()}`,
    };
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name))
    return {
      message: `${said} is no DNS name as the API server takes it`,
      hint: "write labels of a-z, 0-9 and -, joined by dots: db.example.test",
    };
  return shortNameProblem(target);
}

/** A name that only a pod's search path would complete; aliases are looked up as they are. */
export function shortNameProblem(target: string): TargetProblem | undefined {
  const name = withoutDot(target);
  if (name === "") return undefined;
  if (!name.includes("."))
    return {
      message: `"${name}" is one word: an alias is looked up as it is, without the search path of a pod`,
      hint: "write the whole name: db.example.test, or redis.prod.svc.cluster.local",
    };
  if (name.endsWith(".svc"))
    return {
      message: `"${name}" ends in svc: an alias is looked up as it is, without the search path of a pod`,
      hint: `write the whole name: ${name}.cluster.local`,
    };
  return undefined;
}

function hostOf(url: string): string {
  return url
    .replace(/^[-+.a-zA-Z0-9]*:\/\//, "")
    .replace(/[/?#].*$/s, "")
    .replace(/^.*@/, "")
    .replace(/:[0-9]*$/, "");
}

/** A way by which aliases come back to themselves, and where on it one of them gets to. */
interface AliasLoop {
  readonly names: readonly string[];
  readonly entry: number;
}

/**
 * The aliases that lead into a loop instead of to an end, each with its loop. One look at each name.
 *
 * @param aliases name → what it stands for, names without the dot at the end
 */
export function aliasLoops(aliases: ReadonlyMap<string, string>): ReadonlyMap<string, AliasLoop> {
  const loops = new Map<string, AliasLoop>();
  const done = new Set<string>();
  for (const start of aliases.keys()) {
    const chain = new Map<string, number>();
    let name = start;
    while (aliases.has(name) && !done.has(name) && !chain.has(name)) {
      chain.set(name, chain.size);
      name = aliases.get(name)!;
    }
    const names = [...chain.keys()];
    const first = chain.get(name);
    if (first !== undefined) {
      const loop = names.slice(first);
      loop.forEach((one, entry) => {
        loops.set(one, { names: loop, entry });
      });
    }
    const reached = loops.get(name);
    for (const one of names) {
      done.add(one);
      if (reached && !loops.has(one)) loops.set(one, reached);
    }
  }
  return loops;
}

const SHOWN = 6;

/** `a → b → a`, from the place at which it is entered; long ones are cut. */
export function loopText({ names, entry }: AliasLoop): string {
  const turned = Array.from(
    { length: Math.min(names.length, SHOWN) },
    (_, i) => names[(entry + i) % names.length]!,
  );
  const rest = names.length > SHOWN ? [`… (${names.length} names)`] : [];
  return [...turned, ...rest, names[entry]!].join(" → ");
}
