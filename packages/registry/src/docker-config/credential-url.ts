import { isIPv6 } from "./ipv6.ts";

/** What kubelet reads from a server's name or an image: all byte strings. */
export interface CredentialUrl {
  /** With its port: `registry.example.com:5000`. */
  readonly host: string;
  /** Decoded: `/team`. */
  readonly path: string;
}

const ESCAPE = /%(?:([0-9A-Fa-f])([0-9A-Fa-f]))?/g;
const HOST = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\x80-\xff]*$/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::[0-9]*)?$/;

/**
 * Reads `https://` or `http://` and what follows as Go's `net/url` does (`url.Parse` of Go 1.26, colons strict), as far as kubelet's
 * look-up of credentials uses it. `undefined`: Go refuses it, and kubelet leaves the entry out.
 *
 * @param url a byte string that starts with a scheme
 */
export function parseCredentialUrl(url: string): CredentialUrl | undefined {
  const hash = url.indexOf("#");
  const main = hash < 0 ? url : url.slice(0, hash);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f]/.test(main)) return undefined;
  if (hash >= 0 && unescaped(url.slice(hash + 1)) === undefined) return undefined;
  const rest = main.slice(main.indexOf("//") + 2).split("?", 1)[0] ?? "";
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = unescaped(slash < 0 ? "" : rest.slice(slash));
  const host = hostOf(authority);
  return host === undefined || path === undefined ? undefined : { host, path };
}

/** Host and port, as Go's `net.SplitHostPort`; the port is empty when Go finds fault with the host. */
export function splitPort(host: string): { readonly name: string; readonly port: string } {
  const whole = { name: host, port: "" };
  const colon = host.lastIndexOf(":");
  if (colon < 0) return whole;
  const close = host.startsWith("[") ? host.indexOf("]") : -1;
  if (host.startsWith("[") && close + 1 !== colon) return whole;
  const name = close < 0 ? host.slice(0, colon) : host.slice(1, close);
  if ((close < 0 && name.includes(":")) || /[[\]]/.test(host.slice(close + 1)) || name.includes("["))
    return whole;
  return { name, port: host.slice(colon + 1) };
}

function hostOf(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  if (!USER.test(user) || unescaped(user) === undefined) return undefined;
  const host = authority.slice(at + 1);
  const open = host.lastIndexOf("[");
  if (open > 0) return undefined;
  if (open === 0) return literalOf(host);
  const colon = host.indexOf(":");
  if (colon >= 0 && !PORT.test(host.slice(colon))) return undefined;
  return unescapeHost(host);
}

/** `[::1]:5000`. The zone of an address may hold anything: `%25` and a name. */
function literalOf(host: string): string | undefined {
  const close = host.lastIndexOf("]");
  if (close < 0 || !PORT.test(host.slice(close + 1))) return undefined;
  const inside = host.slice(1, close);
  const zone = inside.indexOf("%25");
  const address = unescapeHost(zone < 0 ? inside : inside.slice(0, zone));
  const rest = zone < 0 ? "" : unescapeZone(inside.slice(zone));
  if (address === undefined || rest === undefined || !isIPv6(address) || rest === "%") return undefined;
  return `[${address}${rest}]${host.slice(close + 1)}`;
}

function unescaped(text: string): string | undefined {
  let isWrong = false;
  const plain = text.replace(ESCAPE, (_, high?: string, low?: string) => {
    if (high === undefined || low === undefined) isWrong = true;
    return String.fromCharCode(Number.parseInt(`${high}${low}`, 16) || 0);
  });
  return isWrong ? undefined : plain;
}

/** In a host only bytes beyond ASCII may be escaped, and the percent sign. */
function unescapeHost(text: string): string | undefined {
  if (!HOST.test(text) || /%[0-7]/.test(text.replaceAll("%25", ""))) return undefined;
  return unescaped(text);
}

function unescapeZone(text: string): string | undefined {
  if (!HOST.test(text)) return undefined;
  const plain = unescaped(text);
  return plain === undefined || !/^[ A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\x80-\xff]*$/.test(plain)
    ? undefined
    : plain;
}
