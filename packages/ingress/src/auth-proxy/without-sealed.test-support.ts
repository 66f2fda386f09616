import type { BlockBuilder } from "@ashlar/core";

/** The builder without its Secrets, whose `data` is a function: the contract of blocks compares plain JSON. */
export function withoutSealed<Input>(builder: BlockBuilder<Input>): BlockBuilder<Input> {
  const plain = (input: Input) => {
    const { sealed: _, ...block } = builder(input);
    return block;
  };
  const { blockName, safe, intent } = builder;
  return Object.assign(plain, { blockName, safe, intent });
}
