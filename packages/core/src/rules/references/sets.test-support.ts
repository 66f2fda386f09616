import type { Finding } from "../../finding.ts";
import type { Inventory, Rule } from "../../inventory.ts";
import type { Resource } from "../../resource.ts";

type Fields = Readonly<Record<string, unknown>>;

/** An object in namespace `prod`, or in the one named before the slash; `*` before the slash: cluster-scoped. */
export function object(apiVersion: string, kind: string, where: string, fields: Fields = {}): Resource {
  const slash = where.indexOf("/");
  const namespace = slash < 0 ? "prod" : where.slice(0, slash);
  const name = where.slice(slash + 1);
  return { apiVersion, kind, metadata: namespace === "*" ? { name } : { name, namespace }, ...fields };
}

/** A Deployment with one container `c`, labelled `app: NAME`. */
export function deployment(where: string, container: Fields = {}, spec: Fields = {}): Resource {
  const app = where.slice(where.indexOf("/") + 1);
  const labels = { app };
  return object("apps/v1", "Deployment", where, {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "c", image: "example/c:1", ...container }], ...spec },
      },
    },
  });
}

/** A Service for pods of `selector`, with the ports given. */
export function service(where: string, selector: Fields, ...ports: readonly Fields[]): Resource {
  return object("v1", "Service", where, { spec: { selector, ports } });
}

export function namespace(name: string, labels: Fields = {}): Resource {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: labels as Record<string, string> },
  };
}

/** What a rule finds, one line each: `error spec.x`. */
export function found(
  rule: Rule,
  resources: readonly Resource[],
  options: Partial<Inventory> = {},
): string[] {
  return rule.check({ resources, ...options }).map((f: Finding) => `${f.severity} ${f.path}`);
}

/** The same in a whole set. */
export function foundInWhole(rule: Rule, ...resources: readonly Resource[]): string[] {
  return found(rule, resources, { whole: true });
}
