const VERSION = /^v?1\.(\d{1,3})(?:[.+-]|$)/;

export function isKubernetesVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * The API version of AuthenticationConfiguration that a release reads by default: v1 since 1.34, v1beta1 since 1.30
 * (KEP-3331); `undefined` before.
 *
 * @example configurationVersion("1.31") // "apiserver.config.k8s.io/v1beta1"
 */
export function configurationVersion(kubernetes: string): string | undefined {
  const minor = Number(VERSION.exec(kubernetes)?.[1] ?? 0);
  if (minor >= 34) return "apiserver.config.k8s.io/v1";
  return minor >= 30 ? "apiserver.config.k8s.io/v1beta1" : undefined;
}
