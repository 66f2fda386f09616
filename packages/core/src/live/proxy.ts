import type { BlockList } from "node:net";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a server, as Go's clients take it: `HTTPS_PROXY` or `HTTP_PROXY` by the scheme of
 * the server, in small letters too, which win; none for loopback addresses and for what `NO_PROXY` names.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export async function proxyOfEnvironment(
  server: string,
  environment: Environment = process.env,
): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(server);
  const scheme = protocol.slice(0, -1);
  const given = variable(environment, `${scheme}_proxy`);
  // A CGI program's HTTP_PROXY is a header of whoever calls it.
  if (given === "" || (scheme === "http" && environment.REQUEST_METHOD)) return undefined;
  const proxy = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(proxy)) return undefined;
  const target = { host: hostname.replaceAll(/[[\]]/g, ""), port: port || DEFAULT_PORTS[scheme]! };
  return (await isExcepted(target, variable(environment, "no_proxy"))) ? undefined : proxy;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443" };

function variable(environment: Environment, name: string): string {
  return environment[name] || environment[name.toUpperCase()] || "";
}

interface Target {
  readonly host: string;
  readonly port: string;
}

async function isExcepted(target: Target, exceptions: string): Promise<boolean> {
  const net = await import("node:net");
  const { domainToASCII } = await import("node:url");
  const within = (fill: (list: BlockList) => void) => {
    const list = new net.BlockList();
    fill(list);
    return list.check(target.host, family(target.host));
  };
  const family = (address: string) => (net.isIP(address) === 6 ? "ipv6" : "ipv4");
  const isAddress = net.isIP(target.host) !== 0;
  const isLoopback = () =>
    within((list) => {
      list.addSubnet("127.0.0.0", 8);
      list.addAddress("::1", "ipv6");
    });
  if (target.host === "localhost" || (isAddress && isLoopback())) return true;

  const matches = (word: string): boolean => {
    if (word === "*") return true;
    const [, network = "", bits = ""] = /^(.*)\/(\d{1,3})$/.exec(word) ?? [];
    if (net.isIP(network) !== 0 && Number(bits) <= (family(network) === "ipv6" ? 128 : 32))
      return (
        isAddress &&
        family(network) === family(target.host) &&
        within((list) => list.addSubnet(network, Number(bits), family(network)))
      );
    const [name, port] = splitPort(word);
    if (name === "" || (port !== "" && port !== target.port)) return false;
    if (net.isIP(name) !== 0) return isAddress && within((list) => list.addAddress(name, family(name)));
    if (isAddress) return false;
    const domain = name.replace(/^\*\./, ".");
    const ascii = /[^ -~]/.test(domain) ? domainToASCII(domain) || domain : domain;
    return ascii.startsWith(".")
      ? target.host.endsWith(ascii)
      : target.host === ascii || target.host.endsWith(`.${ascii}`);
  };
  return exceptions
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .some((word) => word !== "" && matches(word));
}

/** `host:port` and `[address]:port` in two; whatever else is a host alone. */
function splitPort(word: string): readonly [host: string, port: string] {
  const [, address, host = address, port = ""] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(word) ?? [];
  return host === undefined ? [word, ""] : [host, port];
}
