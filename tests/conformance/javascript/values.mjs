// Values that the cases of both JavaScript clients use.

export const UNUSED_ADDRESS = "0x00000000000000000000000000000000c0ffee00";
export const UNKNOWN_HASH = `0x${"ab".repeat(32)}`;
export const LARGEST_UINT = 2n ** 256n - 1n;
export const SMALLEST_INT = -(2n ** 255n);
export const ONE_ETHER = 10n ** 18n;
export const ONE_GWEI = 10n ** 9n;
export const STORE_GAS = 200_000n;
export const CREATION_GAS = 6_000_000n;

/** Creation code that returns `size` zero bytes as the contract's code. */
export function creationOfSize(size) {
  return `0x62${size.toString(16).padStart(6, "0")}6000f3`;
}

/** Whether a 2048-bit bloom filter admits the value whose keccak-256 hash is given (0x strings). */
export function bloomAdmits(bloom, hash) {
  const bits = BigInt(bloom);
  const bytes = Buffer.from(hash.slice(2), "hex");
  return [0, 2, 4].every((at) => {
    const position = bytes.readUInt16BE(at) % 2048;
    return ((bits >> BigInt(position)) & 1n) === 1n;
  });
}
