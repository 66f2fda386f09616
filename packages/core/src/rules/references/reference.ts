import type { PathSegment } from "../../field-path.ts";
import type { Resource } from "../../resource.ts";
import type { Target } from "./target.ts";

/** One object that names another one. */
export interface Reference {
  readonly from: Resource;
  /** Where the name stands. */
  readonly path: readonly PathSegment[];
  readonly target: Target;
  /** Where the other one lives; `undefined` on a namespaced kind when the manifest leaves it to kubectl's context. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** What names it, for people: `env PASSWORD of container "web"`. */
  readonly by: string;
  /** `optional: true`: may be missing. */
  readonly optional: boolean;
  /** The keys of the Secret or ConfigMap that it reads. */
  readonly keys?: readonly KeyReference[];
  /** The port of the Service that it speaks to. */
  readonly port?: PortReference;
}

export interface KeyReference {
  readonly key: string;
  readonly path: readonly PathSegment[];
}

export interface PortReference {
  readonly port: number | string;
  readonly path: readonly PathSegment[];
}
