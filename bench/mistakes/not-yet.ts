/** Mistakes that no rule finds yet, by id, and what it would take. Whoever writes the rule removes the entry. */
export const NOT_YET: ReadonlyMap<string, string> = new Map([
  ["range-grace", "a warning of core/valid-value: the server only warns of a negative grace period"],
  ["name-image", "a rule for image references: the server looks at them in Pods alone, not in templates"],
  ["and-for-or", "a broken claim to name the rule that comes nearest, not the first policy that isolates"],
  ["rbac-verb", "a rule over RBAC verbs and resources against the served API"],
  ["rbac-resource", "a rule over RBAC verbs and resources against the served API"],
  ["rbac-group-of", "a rule over RBAC verbs and resources against the served API"],
  ["corefile-plugin", "the reader of a Corefile, which comes with the package for DNS"],
  ["corefile-brace", "the reader of a Corefile, which comes with the package for DNS"],
]);
