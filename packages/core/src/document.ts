/** An artefact that is not a Kubernetes object: a script, a realm, a kops spec. */
export interface Document {
  /** Path below the output folder, with `/`, never absolute and never with `..`: `scripts/probe.sh`. */
  readonly path: string;
  readonly text: string;
  /** Written with the executable bit. */
  readonly executable?: boolean;
}
