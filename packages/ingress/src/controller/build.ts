import type { Block } from "@ashlar/core";
import type { ControllerIntent } from "./intent.ts";
import { CONTROLLER_SETTINGS } from "./settings.ts";

/** A patch of the controller's ConfigMap, with the reason of each setting. Total on a valid intent. */
export function buildController(intent: ControllerIntent): Block {
  const set = CONTROLLER_SETTINGS.flatMap(({ field, key, why }) => {
    const text = textOf(intent, field);
    return text === undefined ? [] : [{ key, text, why }];
  });
  return {
    resources: [],
    patches:
      set.length === 0
        ? []
        : [
            {
              merge: {
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: intent.configMap, namespace: intent.namespace },
                data: Object.fromEntries(set.map(({ key, text }) => [key, text])),
              },
              why: set.map(({ key, text, why }) => `${key} ${text}: ${why}`).join(" "),
            },
          ],
    documents: [],
    steps: [],
    claims: [],
  };
}

/** A setting as nginx writes it. */
function textOf(
  intent: ControllerIntent,
  field: (typeof CONTROLLER_SETTINGS)[number]["field"],
): string | undefined {
  const value = intent[field];
  if (value === undefined) return undefined;
  return typeof value === "object" ? `${value.number} ${value.size}` : `${value}`;
}

/**
 * The same settings as annotations of one Ingress, for those that it can have of its own.
 *
 * @example controllerAnnotations({ proxyBodySize: "1g" })["nginx.ingress.kubernetes.io/proxy-body-size"] // 1g
 */
export function controllerAnnotations(
  settings: Pick<
    Partial<ControllerIntent>,
    "proxyBufferSize" | "proxyBodySize" | "proxyReadTimeout" | "proxySendTimeout"
  >,
): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const setting of CONTROLLER_SETTINGS) {
    if (!("annotation" in setting)) continue;
    const value = settings[setting.field];
    if (value !== undefined) annotations[setting.annotation] = `${value}`;
  }
  return annotations;
}
