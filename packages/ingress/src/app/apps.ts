import {
  type BlockBuilder,
  defineBlock,
  type Finding,
  formatInputPath,
  type Result,
  zodFindings,
} from "@ashlar/core";
import { buildApps } from "./build.ts";
import { compileApps } from "./compile.ts";
import { type AppsInput, appsIntent } from "./intent.ts";
import { lossesOf } from "./losses.ts";

/**
 * Hosts for the Services of a platform: an Ingress or an HTTPRoute each, with TLS, http sent to https, and, where `login` says so, an
 * auth proxy that alone may reach the pods behind. Promises who answers each host, and which groups it lets in.
 *
 * What the chosen side cannot do is refused, with what to write instead; `allowLoss` leaves it out, and {@link appsLosses} tells what
 * was left out.
 *
 * @throws {IntentError} with every finding
 * @example
 * apps({
 *   routes: "ingress",
 *   issuer: "letsencrypt",
 *   apps: { wiki: { host: "wiki.strix.kr", to: "dokuwiki-dokuwiki.default:80" } },
 * })
 */
export const apps: BlockBuilder<AppsInput> = defineBlock({
  name: "ingress/apps",
  intent: appsIntent,
  build: buildApps,
});

/**
 * What `allowLoss` leaves out of an intent, as warnings at its places; nothing without it.
 *
 * @returns the findings of the intent itself when it is not valid
 */
export function appsLosses(input: unknown): Result<readonly Finding[]> {
  const schema = appsIntent();
  const parsed = schema.safeParse(input, { reportInput: true });
  if (!parsed.success)
    return { ok: false, findings: zodFindings(parsed.error, schema, "ingress/valid-intent") };
  const intent = parsed.data;
  const value = compileApps(intent).flatMap(({ name, exposure }) =>
    lossesOf(exposure, intent).map(
      ({ path, message, hint }): Finding => ({
        code: "ingress/no-lost-setting",
        severity: "warning",
        message: `${name}: ${message}`,
        hint,
        path: formatInputPath(["apps", name, ...path]),
      }),
    ),
  );
  return { ok: true, value };
}
