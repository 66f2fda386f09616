import { isDnsSubdomain } from "./names.ts";

/** A label selector of the API: empty matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/** Label key: an optional DNS subdomain prefix and `/`, then at most 63 of `A-Za-z0-9`, `-_.`, alphanumeric at both ends. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  if (slash >= 0 && (slash === 0 || !isDnsSubdomain(key.slice(0, slash)))) return false;
  return name.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name);
}

/** Label value: empty, or at most 63 of `A-Za-z0-9`, `-_.`, alphanumeric at both ends. */
export function isLabelValue(value: string): boolean {
  return value.length <= 63 && (value === "" || /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(value));
}

/**
 * What one key of a selector demands: `values` are the ones that the operator names. A selector is the conjunction of
 * its requirements; `matchLabels` become `In` with one value.
 */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** The requirements of a valid selector, in order of keys as written. */
export function requirementsOf(selector: LabelSelector): Requirement[] {
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    requirements.push({ key, operator: operator as Requirement["operator"], values: values ?? [] });
  return requirements;
}

/** Whether labels meet a requirement. `NotIn` and `DoesNotExist` hold when the key is absent (apimachinery labels.Requirement). */
export function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
