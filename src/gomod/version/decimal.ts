export function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Orders decimal numbers without leading zeros. They stay text: versions hold numbers that no float holds exactly. */
export function compareDecimals(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  return left < right ? -1 : 1;
}

/** Adds one: an all-nines number of any length grows by a digit. */
export function nextDecimal(decimal: string): string {
  return (BigInt(decimal) + 1n).toString();
}

/** Subtracts one; undefined for zero. */
export function previousDecimal(decimal: string): string | undefined {
  const value = BigInt(decimal);
  return value === 0n ? undefined : (value - 1n).toString();
}
