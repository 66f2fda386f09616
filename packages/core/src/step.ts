/** An operational command as data: rendered to the runbook and, quoted by construction, to its script. */
export interface Step {
  /** A short imperative: `Probe the firewall`. */
  readonly title: string;
  /** The program and its arguments, one string each; never a shell line. */
  readonly argv: readonly [string, ...string[]];
  readonly why: string;
  /** When it is safe to run. */
  readonly when: string;
  /** How to see that it worked. */
  readonly verify: string;
  /** How to take it back; absent when there is nothing to take back. */
  readonly undo?: string;
}
