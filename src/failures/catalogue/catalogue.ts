import { dnsFailures } from './dns.ts';
import type { Failure } from './failure.ts';
import { tcpFailures } from './tcp.ts';

/** All of them, in the order of the reference (A19). */
export const catalogue: readonly Failure[] = [...dnsFailures, ...tcpFailures];
