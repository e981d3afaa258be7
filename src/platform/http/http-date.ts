/** An instant as HTTP-date (RFC 9110 5.6.7). */
export function formatHttpDate(epochMilliseconds: number): string {
  return new Date(Math.trunc(epochMilliseconds)).toUTCString();
}
