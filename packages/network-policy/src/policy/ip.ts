/** An inclusive range of addresses of one family, as integers (32 or 128 bits). */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}
