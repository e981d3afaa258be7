import type { FaultRule, HopRule, RequestKind } from '../../src/drills/index.ts';

/** How the first upstream is broken; the second one is well. */
export interface FaultVariant {
  readonly name: string;
  readonly faults?: readonly FaultRule[];
  readonly hop?: readonly HopRule[];
  /** Nobody listens, the name does not exist, or nobody vouches for the certificate. */
  readonly address?: 'refused' | 'unknown-name' | 'untrusted-certificate';
  /** Refuses connections at first, then is well. */
  readonly downMilliseconds?: number;
}

export interface FaultRow {
  readonly id: string;
  readonly title: string;
  readonly variants: readonly FaultVariant[];
  /**
   * `absent`: the upstream says that it has nothing, which any list goes past. `passes`: a client that
   * tries again gets the bits from the same upstream. `stays`: it never gives them. `silent`: it never
   * says anything. `lies`: well-formed wrong bytes, which only a record, a go.sum or a second opinion
   * can tell from the right ones. `harmless`: the bits come, if late.
   */
  readonly nature: 'absent' | 'passes' | 'stays' | 'silent' | 'lies' | 'harmless';
}

function statuses(...codes: readonly number[]): readonly FaultVariant[] {
  return codes.map((status) => ({
    name: String(status),
    faults: [{ fault: { kind: 'status', status } }],
  }));
}

function rules(name: string, ...faults: readonly FaultRule[]): readonly FaultVariant[] {
  return [{ name, faults }];
}

const MODULE_FILES: readonly RequestKind[] = ['info', 'mod', 'zip'];

/** First the rows that plain `go` was measured with, then the rest of what a laboratory must have. */
export const faultRows: readonly FaultRow[] = [
  { id: 'absent', title: '404, 410', variants: statuses(404, 410), nature: 'absent' },
  { id: 'refused', title: '401, 403', variants: statuses(401, 403), nature: 'stays' },
  {
    id: 'status',
    title: '429, 500, 502, 503, 504',
    variants: statuses(429, 500, 502, 503, 504),
    nature: 'stays',
  },
  {
    id: 'reset',
    title: 'connection reset',
    variants: [
      ...rules('before the headers', { fault: { kind: 'reset' } }),
      ...rules('in the zip', { kinds: ['zip'], fault: { kind: 'reset', afterBytes: 20_000 } }),
    ],
    nature: 'stays',
  },
  {
    id: 'short',
    title: 'body shorter than Content-Length',
    variants: rules('short', { fault: { kind: 'cut', afterBytes: 20, framing: 'length' } }),
    nature: 'stays',
  },
  {
    id: 'short-chunked',
    title: 'chunked body that ends early but cleanly',
    variants: rules('short', {
      kinds: ['zip'],
      fault: { kind: 'cut', afterBytes: 30_000, framing: 'chunked-whole' },
    }),
    nature: 'stays',
  },
  {
    id: 'html',
    title: '200 with HTML',
    variants: MODULE_FILES.flatMap((kind) =>
      rules(`.${kind}`, { kinds: [kind], fault: { kind: 'html' } }),
    ),
    nature: 'stays',
  },
  {
    id: 'once',
    title: '503 once, then fine',
    variants: rules('once', { timesPerPath: 1, fault: { kind: 'status', status: 503 } }),
    nature: 'passes',
  },
  {
    id: 'silent',
    title: 'no answer at all',
    variants: [{ name: 'silent', hop: [{ fault: { kind: 'silence', afterBytes: 0 } }] }],
    nature: 'silent',
  },
  {
    id: 'stall',
    title: 'silence in the middle of the zip',
    variants: rules('stall', { kinds: ['zip'], fault: { kind: 'stall', afterBytes: 30_000 } }),
    nature: 'silent',
  },
  {
    id: 'altered',
    title: 'other content in a valid form (wrong hash)',
    variants: [
      ...rules('.zip', { kinds: ['zip'], fault: { kind: 'altered' } }),
      ...rules('.mod', { kinds: ['mod'], fault: { kind: 'altered' } }),
    ],
    nature: 'lies',
  },
  {
    id: 'malformed',
    title: 'zip of another module, flipped byte, info of another version',
    variants: [
      ...rules('prefix', { kinds: ['zip'], fault: { kind: 'wrong-prefix' } }),
      ...rules('flip', { kinds: ['zip'], fault: { kind: 'flip', offset: 20_000 } }),
      ...rules('info', { kinds: ['info'], fault: { kind: 'wrong-info', version: 'v7.0.0' } }),
    ],
    nature: 'stays',
  },
  {
    id: 'late',
    title: 'down for the first 3 s',
    variants: [{ name: 'late', downMilliseconds: 3000 }],
    nature: 'passes',
  },
  {
    id: 'retry-after',
    title: '429 with Retry-After: 1, then fine',
    variants: rules('later', {
      timesPerPath: 1,
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    }),
    nature: 'passes',
  },
  {
    id: 'unreachable',
    title: 'connection refused, unknown host, untrusted certificate',
    variants: [
      { name: 'refused', address: 'refused' },
      { name: 'unknown host', address: 'unknown-name' },
      { name: 'certificate', address: 'untrusted-certificate' },
    ],
    nature: 'stays',
  },
  {
    id: 'hostile',
    title: 'endless body, redirect loop',
    variants: [
      ...rules('endless', { kinds: ['mod', 'info'], fault: { kind: 'endless' } }),
      ...rules('redirects', { fault: { kind: 'redirect-loop' } }),
    ],
    nature: 'stays',
  },
  {
    id: 'odd',
    title: 'header flood, content coding',
    variants: [
      ...rules('headers', { fault: { kind: 'header-flood', headers: 2000, bytesEach: 1000 } }),
      ...rules('coding', { kinds: ['zip'], fault: { kind: 'gzip' } }),
    ],
    nature: 'stays',
  },
  {
    id: 'slow',
    title: 'slow drip (15 kB/s), small slices, 200 ms latency',
    variants: [
      { name: 'drip', hop: [{ fault: { kind: 'bandwidth', bytesPerSecond: 15_000 } }] },
      {
        name: 'slices',
        hop: [{ fault: { kind: 'slicing', bytes: 700, pauseMilliseconds: 1 } }],
      },
      { name: 'latency', hop: [{ fault: { kind: 'latency', milliseconds: 200 } }] },
    ],
    nature: 'harmless',
  },
];
