import type { DeviceCode, LoginOptions, TokenSet } from "@ashlar/iam/live";
import type { Arguments } from "../arguments.ts";
import { readAuthority } from "../certificate-authority.ts";
import { type Command, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { type ExitCode, type Io, UsageError } from "../io.ts";
import { printJson } from "../output.ts";
import { printable } from "../text.ts";

export const loginCommand: Command = {
  name: "login",
  usage: "ashlar login [PLATFORM] [--issuer URL --client-id ID] [--exec] [options]",
  summary: "log in through OIDC; with --exec, answer kubectl as its credential plugin",
  details: `Issuer and client come from the platform file's oidc, or from --issuer and --client-id. The login is an authorization
code with PKCE in the browser, which comes back to http://localhost:8000/; --device shows a code to type in on another
machine. Tokens are kept in a file that only you may read, and are renewed for as long as the issuer allows.

  ashlar login platform.ts
  ashlar login --exec --issuer https://iam.k8s.strix.kr/realms/master --client-id kubernetes   # in a kubeconfig

Exit code: 0 logged in, 2 not.`,
  options: [
    { name: "issuer", value: "URL", help: "the issuer, as the API server has it" },
    { name: "client-id", value: "ID", help: "the OIDC client" },
    {
      name: "client-secret-env",
      value: "NAME",
      help: "environment variable with the secret of a confidential client",
    },
    { name: "scope", value: "SCOPE", multiple: true, help: "a scope besides openid; may be repeated" },
    { name: "certificate-authority", value: "FILE", help: "PEM file of who signs the issuer's certificate" },
    { name: "listen", value: "PORT", help: "port that the browser comes back to (default: 8000)" },
    { name: "device", help: "log in on another machine, by a code" },
    { name: "force", help: "log in anew, whatever is kept" },
    { name: "exec", help: "print an ExecCredential for kubectl" },
    { name: "logout", help: "revoke what is kept, and remove it" },
    PARAM,
  ],
  async run(args, io) {
    const live = await import("@ashlar/iam/live");
    try {
      return await run(args, io, live);
    } catch (error) {
      if (!(error instanceof live.LiveError)) throw error;
      throw new UsageError(printable(error.message), printable(error.hint));
    }
  },
};

type Live = typeof import("@ashlar/iam/live");

async function run(args: Arguments, io: Io, live: Live): Promise<ExitCode> {
  const options = await optionsOf(args, io, live);
  if (args.has("logout")) {
    io.err((await live.logout(options)) ? "logged out\n" : "nobody was logged in\n");
    return 0;
  }
  if (args.has("exec")) {
    printJson(io, await live.execCredential(options));
    return 0;
  }
  const tokens = await live.login(options);
  io.out(`${printable(who(tokens, live))}\n`);
  return 0;
}

async function optionsOf(args: Arguments, io: Io, live: Live): Promise<LoginOptions> {
  const session = await sessionOf(args, io);
  const secret = args.get("client-secret-env");
  const authority = args.get("certificate-authority");
  const common = {
    ...session,
    ...(secret !== undefined && { clientSecret: { env: secret } }),
    ...(args.has("scope") && { scopes: args.all("scope") }),
    ...(authority !== undefined && { certificateAuthority: readAuthority(authority, io) }),
    ...(args.has("force") && { force: true }),
  };
  if (args.has("device"))
    return { ...common, flow: "device", onDeviceCode: (code) => io.err(codeText(code)) };
  const port = args.get("listen");
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(port))
    throw new UsageError(`--listen "${port}" is no port`, "write --listen 8000");
  return {
    ...common,
    ...(port !== undefined && { listen: Number(port) }),
    openBrowser: async (url) => {
      io.err(`log in at ${url}\n`);
      await live.openInBrowser(url);
    },
  };
}

/** Issuer and client of the options, else of the platform file. */
async function sessionOf(
  args: Arguments,
  io: Io,
): Promise<{ readonly issuer: string; readonly clientId: string }> {
  const [issuer, clientId] = [args.get("issuer"), args.get("client-id")];
  if (issuer !== undefined && clientId !== undefined) return { issuer, clientId };
  const { platform, name } = await loadInput(args.positionals, args, io);
  const oidc = platform?.oidc;
  if (oidc === undefined)
    throw new UsageError(`${name} says nothing of oidc`, "write --issuer URL and --client-id ID");
  return { issuer: issuer ?? oidc.issuer, clientId: clientId ?? oidc.clientId };
}

function codeText({ verificationUri, userCode }: DeviceCode): string {
  return printable(`open ${verificationUri} and type ${userCode}`).concat("\n");
}

function who(tokens: TokenSet, live: Live): string {
  const { preferred_username: name, sub, groups } = live.idTokenClaims(tokens.idToken) ?? {};
  const of = Array.isArray(groups) && groups.length > 0 ? `, in ${groups.join(", ")}` : ", in no group";
  return `logged in as ${name ?? sub}${of}`;
}
