/** How much of a long test is run: `COLLOQUE_TEST_SCALE` is fast, full or long. */
export function counted(sizes: {
  readonly fast: number;
  readonly full: number;
  readonly long: number;
}): number {
  const scale = process.env["COLLOQUE_TEST_SCALE"] ?? "full";
  return scale === "fast" ? sizes.fast : scale === "long" ? sizes.long : sizes.full;
}
