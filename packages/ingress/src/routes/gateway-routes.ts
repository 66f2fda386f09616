import type { Resource } from "@ashlar/core";
import { type Conditions, compareConditions, readConditions } from "./conditions.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./fields.ts";
import type { PathMatch } from "./path-table.ts";
import type { RouteSet } from "./route-set.ts";

/** One entry of `matches` of a rule of an HTTPRoute. */
export interface GatewayRoute {
  readonly route: Resource;
  readonly namespace: string;
  readonly rule: Fields;
  /** Field path of the rule: `spec.rules[0]`. */
  readonly path: string;
  readonly conditions: Conditions;
  readonly urlPath: string;
  /** `regex`: whether it matches, and before which other, is not decided here. */
  readonly match: PathMatch | "regex";
}

/** The matches of an HTTPRoute in order; a rule without any matches every path. */
export function gatewayRoutes(set: RouteSet, route: Resource): GatewayRoute[] {
  const namespace = set.namespaceOf(route);
  return listOf(fieldsOf(route.spec).rules).flatMap((value, i) => {
    const rule = fieldsOf(value);
    const matches = listOf(rule.matches);
    return (matches.length > 0 ? matches : [{}]).map((match): GatewayRoute => {
      const { type, value: wanted } = fieldsOf(fieldsOf(match).path);
      return {
        route,
        namespace,
        rule,
        path: `spec.rules[${i}]`,
        conditions: readConditions(match),
        urlPath: textOf(wanted) || "/",
        match: MATCHES[textOf(type) || "PathPrefix"] ?? "regex",
      };
    });
  });
}

const MATCHES: Readonly<Record<string, PathMatch | undefined>> = { PathPrefix: "elements", Exact: "exact" };

/** Order among matches of one host and path: conditions, age, name; then as they stand in the route. */
export function compareGatewayRoutes(a: GatewayRoute, b: GatewayRoute): number {
  const conditions = compareConditions(a.conditions, b.conditions);
  if (conditions !== 0 || a.route === b.route) return conditions;
  return compare(createdAt(a.route), createdAt(b.route)) || compare(nameOf(a), nameOf(b));
}

/** Objects that are not created yet come after those that are. */
function createdAt(route: Resource): string {
  return textOf(fieldsOf(route.metadata).creationTimestamp) || "~";
}

function nameOf({ route, namespace }: GatewayRoute): string {
  return `${namespace}/${textOf(fieldsOf(route.metadata).name)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
