import type { Rule } from "@ashlar/core";
import { noAggregationWidening } from "./no-aggregation-widening.ts";
import { noEscalationPath } from "./no-escalation-path.ts";
import { noGrantToDefaultServiceAccount } from "./no-grant-to-default-service-account.ts";
import { noGrantToEveryone } from "./no-grant-to-everyone.ts";
import { noLongLivedToken } from "./no-long-lived-token.ts";
import { noMastersGroup } from "./no-masters-group.ts";
import { noRuleWithoutEffect } from "./no-rule-without-effect.ts";
import { noSecretReading } from "./no-secret-reading.ts";
import { noUnknownSubject } from "./no-unknown-subject.ts";
import { noUnusedRole } from "./no-unused-role.ts";
import { noWildcardGrant } from "./no-wildcard-grant.ts";

/** The rules of this package about RBAC objects and ServiceAccount tokens. */
export const iamRules: readonly Rule[] = [
  noWildcardGrant,
  noEscalationPath,
  noSecretReading,
  noGrantToEveryone,
  noGrantToDefaultServiceAccount,
  noMastersGroup,
  noUnknownSubject,
  noRuleWithoutEffect,
  noAggregationWidening,
  noUnusedRole,
  noLongLivedToken,
];
