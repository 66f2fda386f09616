import type { PathSegment } from "../../field-path.ts";
import type { Resource } from "../../resource.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import type { Reference } from "./reference.ts";
import { SERVICE } from "./target.ts";

/** The Services that extend the API server: webhooks, aggregated APIs, conversion of custom resources. */
export function extensionReferences(from: Resource): Reference[] {
  const spec = fieldsOf(from.spec);
  switch (from.kind) {
    case "APIService":
      return service(from, spec.service, ["spec", "service"], "the aggregated API");
    case "CustomResourceDefinition": {
      const { webhook, webhookClientConfig } = fieldsOf(spec.conversion);
      const config = fieldsOf(webhook).clientConfig;
      const at: readonly PathSegment[] = ["spec", "conversion"];
      return [
        ...service(from, fieldsOf(config).service, [...at, "webhook", "clientConfig", "service"], CONVERSION),
        ...service(
          from,
          fieldsOf(webhookClientConfig).service,
          [...at, "webhookClientConfig", "service"],
          CONVERSION,
        ),
      ];
    }
    default:
      return listOf(from.webhooks).flatMap((webhook, i) => {
        const { name, clientConfig } = fieldsOf(webhook);
        const path = ["webhooks", i, "clientConfig", "service"];
        return service(from, fieldsOf(clientConfig).service, path, `webhook ${textOf(name)}`);
      });
  }
}

const CONVERSION = "the conversion webhook";
/** The port of a webhook's or aggregated API's Service when none is named (API reference of ServiceReference). */
const HTTPS = 443;

function service(from: Resource, value: unknown, path: readonly PathSegment[], by: string): Reference[] {
  const { name, namespace, port } = fieldsOf(value);
  if (textOf(name) === "" || textOf(namespace) === "") return [];
  const number = typeof port === "number" ? port : HTTPS;
  return [
    {
      from,
      path: [...path, "name"],
      target: SERVICE,
      namespace: textOf(namespace),
      name: textOf(name),
      by,
      optional: false,
      port: { port: number, path: [...path, "port"] },
    },
  ];
}
