import { STATUS_CODES } from 'node:http';

/** A response without its body, as a GOAUTH command reads it on stdin (`go help goauth`). */
export function formatResponseHead(
  status: number,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Client Error'}`];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`${canonicalName(name)}: ${value.replace(/[\r\n]+/g, ' ')}`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** `www-authenticate` as `Www-Authenticate`: the form that commands written for `go` have seen. */
function canonicalName(name: string): string {
  return name.replace(
    /(^|-)([a-z])/g,
    (_, dash: string, letter: string) => dash + letter.toUpperCase(),
  );
}
