export interface Refusal {
  readonly status: string;
  readonly cause: string;
  readonly next: string;
  readonly headers?: readonly string[];
}

/** Its body: the cause, the next step, and where to find it in the log. */
export function refusalText({ cause, next }: Omit<Refusal, 'status'>, trace: string): string {
  return `${cause}\n${next}\ncofferdam: trace ${trace}\n`;
}

/** A refusal in the form of every other error of ours, as it goes onto a connection that ends with it. */
export function plainRefusal(refusal: Refusal, trace: string): string {
  const body = refusalText(refusal, trace);
  const head = [
    `HTTP/1.1 ${refusal.status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Cofferdam-Cache: bypass',
    `Cofferdam-Trace: ${trace}`,
    'Connection: close',
    ...(refusal.headers ?? []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
