import { type Fields, fieldsOf, textOf, textsOf } from "./fields.ts";
import { checkOneOf, missing, type Report } from "./report.ts";
import { checkClientConfig, checkReviewVersions } from "./webhook-configuration.ts";

const CLIENT = "spec.conversion.webhookClientConfig";
const VERSIONS = "spec.conversion.conversionReviewVersions";

/**
 * Reports what the API server refuses in `conversion` of a CustomResourceDefinition. It names what is in `webhook` as if it
 * stood beside it.
 */
export function checkConversion(conversion: Fields | undefined, preserves: boolean, report: Report): void {
  if (conversion === undefined) return;
  const strategy = textOf(conversion, "strategy");
  const path = "spec.conversion.strategy";
  if (strategy === "") missing(report, path, "write None or Webhook");
  else checkOneOf(strategy, ["None", "Webhook"], path, report);
  if (preserves && strategy !== "None")
    report(path, "unknown fields cannot be kept through a conversion", "write preserveUnknownFields: false");
  const webhook = fieldsOf(conversion, "webhook") ?? {};
  const client = fieldsOf(webhook, "clientConfig");
  const versions = textsOf(webhook, "conversionReviewVersions");
  const placed: Report = (at, message, hint, more) =>
    report(at, message, hint, {
      where: (more?.where ?? at)
        .replace(CLIENT, "spec.conversion.webhook.clientConfig")
        .replace(VERSIONS, "spec.conversion.webhook.conversionReviewVersions"),
    });
  if (strategy === "Webhook") {
    if (client === undefined) missing(placed, CLIENT, "write the Service of the webhook");
    else checkClientConfig(client, CLIENT, placed);
    checkReviewVersions(versions, VERSIONS, placed);
    return;
  }
  const hint = "write strategy: Webhook, or remove it";
  if (client !== undefined) placed(CLIENT, "it is for strategy Webhook only", hint);
  if (versions.length > 0) placed(VERSIONS, "it is for strategy Webhook only", hint);
}
