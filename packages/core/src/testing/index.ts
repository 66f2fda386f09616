export { type BlockContractOptions, blockContract } from "./block-contract.ts";
