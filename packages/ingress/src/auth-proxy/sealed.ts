import type { Sealed, SecretRef } from "@ashlar/core";
import { CLIENT_SECRET, COOKIE_SECRET, type ProxyApp, proxyName } from "./proxy-app.ts";
import type { ProxyFlavour } from "./redirect-uri.ts";
import { COOKIE_SECRET_BYTES } from "./settings.ts";

/** The proxy's Secret: the client's secret, and the key of its cookies. */
export function proxySecret(app: ProxyApp): Sealed {
  const name = proxyName(app);
  const { flavour } = app;
  return {
    metadata: { name, namespace: app.namespace },
    type: "Opaque",
    values: {
      [CLIENT_SECRET]: app.clientSecret ?? { from: "env", name: secretVariable(app.clientId) },
      [COOKIE_SECRET]: app.cookieSecret ?? { from: "generated", bytes: COOKIE_SECRET_BYTES },
    } satisfies Record<string, SecretRef>,
    keys: [CLIENT_SECRET, COOKIE_SECRET],
    data: (values) => ({
      [CLIENT_SECRET]: oneLine(values[CLIENT_SECRET] ?? "", CLIENT_SECRET, name),
      [COOKIE_SECRET]: cookieSecret(oneLine(values[COOKIE_SECRET] ?? "", COOKIE_SECRET, name), flavour, name),
    }),
  };
}

/** `kubernetes` → `KUBERNETES_CLIENT_SECRET`: the variable that a realm's import has the secret of a client from. */
function secretVariable(clientId: string): string {
  const word = clientId.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
  return `${/^[0-9]/.test(word) ? "_" : ""}${word}_CLIENT_SECRET`;
}

/** Files and programs end their text with a line end, which both proxies would take as part of the secret. */
function oneLine(text: string, key: string, secret: string): string {
  const line = text.replace(/\r?\n$/, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (line === "" || /[\u0000-\u001f\u007f]/.test(line))
    throw new Error(`${key} of Secret ${secret} is not one line of text`);
  return line;
}

/**
 * Source: oauth2-proxy 7.15 pkg/encryption SecretBytes (base64 for URLs when that gives a length that fits, else the text itself);
 * gogatekeeper 4 docs, "Encryption key".
 */
function cookieSecret(text: string, flavour: ProxyFlavour, secret: string): string {
  const lengths = flavour === "gatekeeper" ? [16, 32] : [16, 24, 32];
  const fits = lengths.includes(new TextEncoder().encode(text).length);
  const digits = text.replace(/=+$/, "");
  const isBase64 = /^[A-Za-z0-9_-]*$/.test(digits) && digits.length % 4 !== 1;
  const decoded = isBase64 ? Math.floor((digits.length * 3) / 4) : 0;
  if (fits || (flavour === "oauth2-proxy" && lengths.includes(decoded))) return text;
  throw new Error(
    `${COOKIE_SECRET} of Secret ${secret} has a length that ${flavour} does not take: give ${lengths.join(" or ")} characters`,
  );
}
