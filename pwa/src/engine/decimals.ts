const SPELLING = /^(-?)(0|[1-9][0-9]{0,19})(?:\.([0-9]{1,10}))?$/;
const PLACES = 10;

export function isDecimal(value: string): boolean {
  return SPELLING.test(value);
}

/** Compare two decimal strings exactly: negative, zero or positive. */
export function compareDecimals(left: string, right: string): number {
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function scaled(value: string): bigint {
  const parts = SPELLING.exec(value);
  if (!parts) throw new Error(`${value} is no decimal`);
  const [, sign, whole, fraction = ""] = parts;
  const size = BigInt(`${whole}${fraction.padEnd(PLACES, "0")}`);
  return sign ? -size : size;
}
