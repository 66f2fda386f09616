/** A value as written: what the YAML and the JSON parser give, before tags, aliases and merges are worked out. */
export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: number;
  readonly value: string;
  /** Resolved by its looks: no quotes and no tag, or the tag `!`. */
  readonly implicit: boolean;
  /** Full tag (`tag:yaml.org,2002:str`), `""` when there is none. */
  readonly tag: string;
}

export interface SequenceNode {
  readonly kind: "sequence";
  readonly at: number;
  readonly items: Node[];
}

export interface MappingNode {
  readonly kind: "mapping";
  readonly at: number;
  readonly entries: Entry[];
}

export interface Entry {
  readonly key: Node;
  readonly value: Node;
}

export interface AliasNode {
  readonly kind: "alias";
  readonly at: number;
  readonly name: string;
  readonly target: Node;
}
