/** Ends the reading of a token. `isUnknown`: it hangs on what cannot be known here. */
export class RefusedToken extends Error {
  override readonly name = "RefusedToken";
  readonly isUnknown: boolean;

  constructor(reason: string, isUnknown = false) {
    super(reason);
    this.isUnknown = isUnknown;
  }
}
