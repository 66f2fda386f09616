import { type Finding, type Result, suggest } from "@ashlar/core";

/** A network plugin and its version, for what it does with policies. */
export interface Cni {
  readonly name: CniName;
  /** Major, minor, patch; missing parts are 0. Pre-releases count as the release before which they came. */
  readonly version: readonly [number, number, number];
  /** As written: `kube-router@2.5`. */
  readonly text: string;
}

const CNI_NAMES = [
  "kube-router",
  "calico",
  "cilium",
  "antrea",
  "aws-vpc-cni",
  "weave",
  "kindnet",
  "flannel",
] as const;
export type CniName = (typeof CNI_NAMES)[number];

/** Reads `NAME@VERSION`: `kube-router@2.5`, `kube-router@v0.2.0-beta.10`. */
export function parseCni(text: string): Result<Cni> {
  const match = /^([^@]*)@v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(-[0-9A-Za-z.-]+)?$/.exec(text);
  const name = match?.[1] ?? text.split("@")[0] ?? "";
  const finding = (message: string, hint: string): Result<Cni> => ({
    ok: false,
    findings: [
      { code: "network-policy/valid-cni", severity: "error", message, hint, path: "cni" } satisfies Finding,
    ],
  });
  if (!CNI_NAMES.some((known) => known === name))
    return finding(`unknown network plugin "${name}"`, suggest(name, CNI_NAMES));
  if (!match)
    return finding(`"${text}" has no version that can be read`, `write ${name}@2.5 or ${name}@v1.2.3`);
  return {
    ok: true,
    value: {
      name: name as CniName,
      version: beforeRelease(
        [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)],
        match[5] !== undefined,
      ),
      text,
    },
  };
}

/** A pre-release of 0.2.0 has what 0.1.x has, and no promise of more. */
function beforeRelease([major, minor, patch]: [number, number, number], isPre: boolean): Cni["version"] {
  if (!isPre) return [major, minor, patch];
  if (patch > 0) return [major, minor, patch - 1];
  if (minor > 0) return [major, minor - 1, 999_999];
  return major > 0 ? [major - 1, 999_999, 999_999] : [0, 0, 0];
}

/** Whether a plugin is older than `version`. */
export function isOlder(cni: Cni, version: Cni["version"]): boolean {
  for (let i = 0; i < 3; i++) {
    const [have, want] = [cni.version[i] as number, version[i] as number];
    if (have !== want) return have < want;
  }
  return false;
}
