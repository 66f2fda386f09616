import type { Rule } from "@ashlar/core";
import { noConfigInjection } from "./no-config-injection.ts";
import { noIgnoredAnnotation } from "./no-ignored-annotation.ts";
import { noProtocolMismatch } from "./no-protocol-mismatch.ts";
import { noRetiredController } from "./no-retired-controller.ts";
import { noSmallProxyBuffer } from "./no-small-proxy-buffer.ts";
import { noSnippetAnnotation } from "./no-snippet-annotation.ts";
import { noTlsMismatch } from "./no-tls-mismatch.ts";
import { requireTls } from "./require-tls.ts";
import { validCookieSecret } from "./valid-cookie-secret.ts";
import { validGatewayRoute } from "./valid-gateway-route.ts";

/** The rules of this package about Ingresses, routes of the Gateway API, and auth proxies. */
export const ingressRules: readonly Rule[] = [
  validGatewayRoute,
  validCookieSecret,
  noConfigInjection,
  noSnippetAnnotation,
  noIgnoredAnnotation,
  noTlsMismatch,
  requireTls,
  noProtocolMismatch,
  noSmallProxyBuffer,
  noRetiredController,
];
