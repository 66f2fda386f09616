import { type Finding, findingAbout } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { formatRef, type Resource, refOf } from "../resource.ts";
import { type ApiLife, type ApiState, apiLife, apiStateAt } from "../versions/api-versions.ts";
import { type ApiRemark, certManagerRemark } from "../versions/cert-manager-versions.ts";
import { DEFAULT_KUBERNETES, type MinorVersion, minorVersion } from "../versions/minor-version.ts";
import { raise } from "../versions/raise/raise.ts";
import { definedKinds } from "./references/defined-kinds.ts";

const CODE = "core/no-removed-api";

/** An object whose API the target Kubernetes does not serve, or will not for long. */
export const noRemovedApi: Rule = {
  code: CODE,
  check(inventory) {
    const { resources, locate, versions } = inventory;
    const release = minorVersion(versions?.kubernetes ?? DEFAULT_KUBERNETES);
    if (release === undefined) return [badVersion(inventory)];
    const served = definedKinds(resources);
    const remarks = new Map<string, ApiRemark | undefined>();
    return resources.flatMap((resource): Finding[] => {
      const { apiVersion, kind } = refOf(resource);
      const api = `${apiVersion} ${kind}`;
      if (!remarks.has(api)) remarks.set(api, remark(apiVersion, kind, release, served));
      const said = remarks.get(api);
      return said ? [findingAbout(resource, locate, finding(resource, said, release))] : [];
    });
  },
};

/** With the complete rewrite as its remedy, or with the reason why somebody has to decide. */
function finding(resource: Resource, { severity, message, hint }: ApiRemark, release: MinorVersion) {
  const raised = raise(resource, { kubernetes: release });
  return {
    code: CODE,
    severity,
    message: `${formatRef(refOf(resource))}: ${message}`,
    hint: raised?.ok === false ? `${hint}; not raised by itself: ${raised.refused}` : hint,
    path: "apiVersion",
    ...(raised?.ok && { fix: raised.patch }),
  };
}

function remark(
  apiVersion: string,
  kind: string,
  release: MinorVersion,
  served: ReadonlySet<string>,
): ApiRemark | undefined {
  const life = apiLife(apiVersion, kind);
  const state = life && apiStateAt(life, release);
  return life && state ? say(life, state, release) : certManagerRemark(apiVersion, kind, served);
}

function say(life: ApiLife, state: ApiState, release: MinorVersion): ApiRemark | undefined {
  const { apiVersion, kind } = life;
  const api = `${apiVersion} ${kind}`;
  const hint = remedy(life);
  switch (state) {
    case "served":
      return undefined;
    case "removed":
      return {
        severity: "error",
        message: `Kubernetes ${release} does not serve ${api}: removed in ${life.removed}`,
        hint,
      };
    case "not yet":
      return {
        severity: "error",
        message: `Kubernetes ${release} does not serve ${api} yet: new in ${life.since}`,
        hint: `raise versions.kubernetes to ${life.since} or later, or write an API that ${release} serves`,
      };
    case "off":
      return {
        severity: "warning",
        message: `kube-apiserver ${release} serves ${api} only with --runtime-config=${apiVersion}=true`,
        hint,
      };
    case "deprecated": {
      const end = life.removed === undefined ? "" : ` and will be removed in ${life.removed}`;
      return { severity: "warning", message: `${api} is deprecated since ${life.deprecated}${end}`, hint };
    }
  }
}

function remedy({ kind, replacement, moves }: ApiLife): string {
  const to =
    replacement && `${replacement.apiVersion}${replacement.kind === kind ? "" : ` ${replacement.kind}`}`;
  const sentences = moves.join("; ");
  if (to === undefined) return sentences === "" ? "there is no stable version yet; switch it on" : sentences;
  return `write ${to}${sentences === "" ? "" : `: ${sentences}`}`;
}

function badVersion({ versions }: Inventory): Finding {
  return {
    code: CODE,
    severity: "error",
    message: `expected a Kubernetes version, got "${versions?.kubernetes}"`,
    hint: "write a minor version: 1.36",
    path: "",
  };
}
