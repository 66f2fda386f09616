/** Takes white space off both ends of a literal. */
export type Trim<S extends string> = S extends ` ${infer R}` | `\t${infer R}` | `\r${infer R}`
  ? Trim<R>
  : S extends `${infer L} ` | `${infer L}\t` | `${infer L}\r`
    ? Trim<L>
    : S;

/** The words between the arrows of one line, as a union. */
type Words<S extends string> = S extends `${infer A}<->${infer B}`
  ? Words<A> | Words<B>
  : S extends `${infer A}->${infer B}`
    ? Words<A> | Words<B>
    : S extends `${infer A}<-${infer B}`
      ? Words<A> | Words<B>
      : Trim<S>;

type WithoutComment<S extends string> = S extends `${infer Code}#${string}` ? Code : S;
type WithoutPorts<S extends string> = S extends `${infer Route}:${string}` ? Route : S;

type PartWords<S extends string> = S extends `${infer Part};${infer Rest}`
  ? Words<WithoutPorts<Part>> | PartWords<Rest>
  : Words<WithoutPorts<S>>;

/** Every environment word of a diagram, lines and comments taken apart, as a union. Linear in the diagram's length. */
export type DiagramWords<S extends string, Found = never> = S extends `${infer Line}\n${infer Rest}`
  ? DiagramWords<Rest, Found | PartWords<WithoutComment<Line>>>
  : Found | PartWords<WithoutComment<S>>;

/**
 * `S` itself when every word of the diagram is an environment, else a literal that names the unknown ones: the editor
 * then says `"prd <-> common" is not assignable to "unknown environment: prd"`.
 */
export type CheckDiagram<S, Environment extends string> = S extends string
  ? string extends S
    ? S
    : UnknownWords<DiagramWords<S>, Environment> extends infer U extends string
      ? [U] extends [never]
        ? S
        : `unknown environment: ${U}`
      : never
  : S;

type UnknownWords<W extends string, Known extends string> = Exclude<W, Known | "">;
