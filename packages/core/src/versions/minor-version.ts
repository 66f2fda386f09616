/** A Kubernetes release, patch ignored: `1.36`. */
export type MinorVersion = string;

/** The release that Ashlar writes for and checks against when nobody says otherwise. */
export const DEFAULT_KUBERNETES: MinorVersion = "1.36";

/**
 * The minor version of what people write: `1.36`, `v1.36.3`, `1.36.3+k3s1`; `undefined` when it is no version.
 *
 * @example minorVersion("v1.36.3-eks-1") // "1.36"
 */
export function minorVersion(text: string): MinorVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:[.+-]|$)/.exec(text.trim());
  return match ? `${Number(match[1])}.${Number(match[2])}` : undefined;
}

/** Negative when `a` is the earlier release. */
export function compareMinor(a: MinorVersion, b: MinorVersion): number {
  const [[majorA = 0, minorA = 0], [majorB = 0, minorB = 0]] = [
    a.split(".").map(Number),
    b.split(".").map(Number),
  ];
  return majorA - majorB || minorA - minorB;
}
