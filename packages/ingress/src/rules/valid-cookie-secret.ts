import { type Finding, findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { type AuthProxy, authProxyOf } from "../routes/auth-proxy.ts";
import { fieldsOf, listOf, own, textOf } from "../routes/fields.ts";
import type { RoutesModel } from "../routes/model.ts";
import { modelOf } from "./model-of.ts";

const CODE = "ingress/valid-cookie-secret";

/** A secret that an auth proxy seals its cookies with, of a length that it refuses. The value is never shown. */
export const validCookieSecret: Rule = {
  code: CODE,
  check(inventory) {
    const model = modelOf(inventory);
    return model.workloads.flatMap((workload): Finding[] => {
      const proxy = authProxyOf(workload);
      const found = proxy && visibleSecret(model, proxy);
      if (proxy === undefined || found === undefined) return [];
      const [lengths, flag] =
        proxy.flavour === "oauth2-proxy" ? [[16, 24, 32], "cookie-secret"] : [[16, 32], "encryption-key"];
      const sizes = proxy.flavour === "oauth2-proxy" ? [found.length, decodedLength(found)] : [found.length];
      if (sizes.some((size) => size !== undefined && lengths.includes(size))) return [];
      const { resource } = workload;
      return [
        findingAbout(resource, inventory.locate, {
          code: CODE,
          severity: "error",
          message: `${formatRef(refOf(resource))}: the ${flag} of ${proxy.name} has ${found.length} bytes, expected ${lengths.join(", ").replace(/, (\d+)$/, " or $1")}: it does not start`,
          hint: "make one: openssl rand -base64 32 | tr -- '+/' '-_' for oauth2-proxy, openssl rand -hex 16 for the others; keep it in a Secret",
          path: proxy.path,
        }),
      ];
    });
  },
};

function visibleSecret(model: RoutesModel, proxy: AuthProxy): string | undefined {
  const isOauth2 = proxy.flavour === "oauth2-proxy";
  const variable = isOauth2 ? "OAUTH2_PROXY_COOKIE_SECRET" : "PROXY_ENCRYPTION_KEY";
  const [given] = proxy.option(isOauth2 ? "cookie-secret" : "encryption-key", variable);
  // $(NAME) is filled in by kubelet.
  if (given !== undefined && !given.includes("$(")) return bytesOf(given);
  const index = Number(/\[(\d+)\]$/.exec(proxy.path)?.[1]);
  const container = fieldsOf(listOf(proxy.workload.spec.containers)[index]);
  const name = given === undefined ? variable : /^\$\(([^)]*)\)$/.exec(given)?.[1];
  const entry = listOf(container.env)
    .map(fieldsOf)
    .find((one) => one.name === name);
  const ref = fieldsOf(fieldsOf(entry?.valueFrom).secretKeyRef);
  const secret = model.set.find("", "Secret", proxy.workload.namespace, textOf(ref.name));
  if (secret === undefined) return undefined;
  const plain = own(fieldsOf(secret.stringData), textOf(ref.key));
  if (typeof plain === "string") return bytesOf(plain);
  const data = own(fieldsOf(secret.data), textOf(ref.key));
  return typeof data === "string" ? fromBase64(data) : undefined;
}

/** UTF-8, one character for each byte. */
function bytesOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The bytes of URL-safe base64, as oauth2-proxy tries it; `undefined`: it is none. */
function decodedLength(text: string): number | undefined {
  if (/[+/]/.test(text)) return undefined;
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"))?.length;
}

/** One character for each byte. */
function fromBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/=+$/, ""));
  } catch {
    return undefined;
  }
}
