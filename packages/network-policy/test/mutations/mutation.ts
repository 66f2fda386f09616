/** One edit of the model's source that breaks one semantic rule. */
export interface Mutation {
  /** Below `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The rule whose check must notice. */
  readonly breaks: string;
}

export function mutation(file: string, breaks: string, find: string, replace: string): Mutation {
  return { file, find, replace, breaks };
}
