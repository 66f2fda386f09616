import type { Resource } from "@ashlar/core";
import { askProgram } from "./coredns.ts";

/** What cert-manager's admission webhook says of an object. */
export interface CertManagerVerdict {
  /** It cannot be decoded: an unknown field, a wrong type. */
  readonly error?: string;
  readonly refusals: readonly { readonly field: string; readonly message: string }[];
  readonly warnings: readonly string[];
}

/**
 * cert-manager's own validation of issuers and certificates (v1.21.2, internal/apis/certmanager/validation), which finds what the
 * schemas of its CRDs let through.
 */
export async function certManagerVerdicts(
  objects: readonly Resource[],
): Promise<readonly CertManagerVerdict[]> {
  return (await askProgram("cert-manager-validation", [], objects)) as CertManagerVerdict[];
}
