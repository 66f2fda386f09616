import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Resource, readYaml } from "@ashlar/core";
import { type GoModule, goModule } from "../components/go-module.ts";

const CONFORMANCE: GoModule = {
  path: "sigs.k8s.io/gateway-api/conformance",
  version: "v1.7.0",
  sum: "h1:8Llf3aLHmeuiKA1AolOpeTIp0tmEuo6BSPOmw/w8tnk=",
};

/** A request of the Gateway API's own conformance tests, and the answer that every implementation has to give. */
export interface GatewayCase {
  /** `httproute-matching` */
  readonly test: string;
  /** Name of the Gateway that is asked. */
  readonly gateway: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port?: number;
  readonly path: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expected: {
    readonly status?: number;
    /** `namespace/name` */
    readonly backend?: string;
    readonly redirect?: {
      readonly scheme?: string;
      readonly host?: string;
      readonly port?: string;
      readonly path?: string;
    };
  };
}

/** A test: the objects that it applies besides the common ones, and its requests. */
export interface GatewayTest {
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly cases: readonly GatewayCase[];
}

export interface GatewaySuite {
  /** What every test stands on. */
  readonly base: readonly Resource[];
  readonly tests: readonly GatewayTest[];
}

/** Reads the tests of HTTPRoutes out of the module's Go files and manifests: those that state their requests as a table. */
export async function gatewaySuite(): Promise<GatewaySuite> {
  const root = await goModule(CONFORMANCE);
  const base = objectsOf(join(root, "base/manifests.yaml"));
  const files = readdirSync(join(root, "tests")).filter((f) => /^httproute-.*\.go$/.test(f));
  const tests = files.sort().flatMap((file): GatewayTest[] => {
    const source = readFileSync(join(root, "tests", file), "utf8");
    const name = basename(file, ".go");
    const manifests = [...source.matchAll(/"(tests\/[\w-]+\.yaml)"/g)].map((match) => match[1]!);
    const resources = manifests.flatMap((path) => objectsOf(join(root, path)));
    return [{ name, resources, cases: casesOf(name, source) }];
  });
  return { base, tests };
}

function objectsOf(file: string): Resource[] {
  return [...readYaml(readFileSync(file, "utf8"), { file: basename(file) }).resources];
}

const NAMESPACES: Readonly<Record<string, string>> = {
  ns: "gateway-conformance-infra",
  InfrastructureNamespace: "gateway-conformance-infra",
  AppBackendNamespace: "gateway-conformance-app-backend",
  WebBackendNamespace: "gateway-conformance-web-backend",
};

function casesOf(test: string, source: string): GatewayCase[] {
  const text = source.replace(/^\s*\/\/.*$/gm, "");
  const blocks = bracePairs(text);
  return [...text.matchAll(/Request:\s*(?:http\.)?Request\{/g)].flatMap((match): GatewayCase[] => {
    const at = match.index;
    const open = at + match[0].length - 1;
    const request = text.slice(open, blocks.get(open)! + 1);
    const element = enclosing(blocks, text, at);
    const address = addressOf(text, at);
    const gateway = [...text.slice(0, address.at).matchAll(GATEWAY_NAME)].at(-1)?.[1];
    const around = element.replace(request, "");
    const path = stringField(request, "Path");
    if (gateway === undefined || path === undefined) return [];
    const [host = "", port] = (stringField(request, "Host") ?? "").split(":");
    const method = stringField(request, "Method");
    const status = /Response:\s*http\.Response\{[^}]*?StatusCodes?:\s*(?:\[\]int\{)?(\d+)/.exec(around)?.[1];
    const redirect = /RedirectRequest\{([^}]*)\}/.exec(around)?.[1];
    const backend = backendOf(around);
    return [
      {
        test,
        gateway: stringField(gateway, "Name") ?? "",
        scheme: address.port === 443 ? "https" : "http",
        host,
        ...portOf(address.port, port === undefined || test !== PORTS_IN_HOST ? undefined : Number(port)),
        path,
        ...(method !== undefined && { method }),
        headers: headersOf(request),
        expected: {
          ...(status !== undefined && { status: Number(status) }),
          ...(backend !== undefined && { backend }),
          ...(redirect !== undefined && { redirect: redirectOf(redirect) }),
        },
      },
    ];
  });
}

const GATEWAY_NAME = /gwNN\s*:?=\s*types\.NamespacedName\{([^}]*)\}/g;
/** Elsewhere the port of the Host header is there to be passed over. */
const PORTS_IN_HOST = "httproute-listener-port-matching";

/** The address that a table's requests go to, `gwAddr443`: its port, and where the Gateway is named that it is of. */
function addressOf(text: string, at: number): { readonly at: number; readonly port?: number } {
  const used = /\bgwAddr(\d*)\b/.exec(text.slice(at));
  if (used === null || used[1] === "") return { at };
  return { at: text.indexOf(`${used[0]} :=`), port: Number(used[1]) };
}

function portOf(...ports: readonly (number | undefined)[]): { readonly port?: number } {
  const port = ports.find((one) => one !== undefined);
  return port === undefined ? {} : { port };
}

/** Position of each opening brace → of its closing one; braces in strings are passed over. */
function bracePairs(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'|[{}]/g)) {
    if (token === "{") open.push(index);
    else if (token === "}") pairs.set(open.pop()!, index);
  }
  return pairs;
}

function enclosing(pairs: ReadonlyMap<number, number>, text: string, at: number): string {
  let best = 0;
  for (const [open, close] of pairs) if (open < at && close > at && open > best) best = open;
  return text.slice(best, pairs.get(best)! + 1);
}

function stringField(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1];
}

function headersOf(request: string): Record<string, string> {
  const map = /Headers:\s*map\[string\]string\{([^}]*)\}/.exec(request)?.[1] ?? "";
  return Object.fromEntries([...map.matchAll(/"([^"]*)":\s*"([^"]*)"/g)].map((m) => [m[1]!, m[2]!]));
}

function backendOf(element: string): string | undefined {
  const literal = stringField(element, "Backend");
  const version = /Backend:\s*confsuite\.InfraBackendServiceNameV(\d)/.exec(element)?.[1];
  const name = literal ?? (version && `infra-backend-v${version}`);
  if (name === undefined) return undefined;
  const word = /Namespace:\s*(?:confsuite\.|suite\.)?"?([\w-]+)"?/.exec(element)?.[1] ?? "ns";
  return `${NAMESPACES[word] ?? word}/${name}`;
}

function redirectOf(text: string): NonNullable<GatewayCase["expected"]["redirect"]> {
  const entries = ["Scheme", "Host", "Port", "Path"].flatMap((name) => {
    const value = stringField(text, name);
    return value === undefined ? [] : [[name.toLowerCase(), value]];
  });
  return Object.fromEntries(entries);
}
