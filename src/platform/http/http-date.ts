/** An instant as HTTP-date (RFC 9110 5.6.7). */
export function formatHttpDate(epochMilliseconds: number): string {
  return new Date(Math.trunc(epochMilliseconds)).toUTCString();
}

/** Milliseconds since the epoch of a Date header; undefined for what is none. */
export function parseHttpDate(text: string): number | undefined {
  const milliseconds = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
