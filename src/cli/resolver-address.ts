import { isIP } from 'node:net';
import { usageError } from './usage-error.ts';

const DNS_PORT = 53;

/** `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353` */
export function readResolverAddress(text: string): {
  readonly host: string;
  readonly port: number;
} {
  if (isIP(text) !== 0) return { host: text, port: DNS_PORT };
  const [, host = '', port = ''] = /^\[?([0-9a-f.:]+?)\]?:(\d{1,5})$/i.exec(text) ?? [];
  if (isIP(host) !== 0 && Number(port) > 0 && Number(port) <= 65_535) {
    return { host, port: Number(port) };
  }
  throw usageError(
    `"${text}" is not the address of a resolver`,
    'write it as 192.0.2.1 or 192.0.2.1:53',
  );
}
