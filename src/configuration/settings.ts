import { join } from 'node:path';
import { parseUpstreamList } from '../proxy/index.ts';
import { goServices } from '../go-services.ts';
import { isProgramError, ProgramError } from '../platform/index.ts';
import { formatAddress, parseAddress, type Address } from './address.ts';
import {
  formatChecksumDatabase,
  parseChecksumDatabase,
  type ChecksumDatabase,
} from './checksum-database.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { formatHealing, parseHealing, type HealingValue } from './healing.ts';
import { unlessNone } from './none.ts';
import { bad, good, type Parsed } from './parsed.ts';
import { parsePatterns } from './patterns.ts';
import { several, single, type Setting, type Surroundings } from './setting.ts';
import { formatSize, parseSize } from './size.ts';

/** The values of the whole configuration. */
export interface Values {
  readonly listen: Address;
  /** An absolute directory. */
  readonly store: string;
  /** An absolute file; undefined is `cofferdam.db` in the store. */
  readonly database: string | undefined;
  /** Go's GOPROXY syntax, without `direct`. */
  readonly upstream: string;
  /** The same, asked for private paths only. */
  readonly privateUpstream: string | undefined;
  /** Empty is none. */
  readonly sumdb: readonly ChecksumDatabase[];
  /** Go's glob list. */
  readonly private: string;
  readonly noSumdb: string;
  readonly requireVerification: boolean;
  readonly verifyFirst: number;
  /** What differs from the standard values. */
  readonly healing: readonly HealingValue[];
  readonly offline: boolean;
  /** Follow redirects of upstreams into this machine. */
  readonly allowLocalRedirects: boolean;
  /** Whether to fetch what clients will ask next. */
  readonly lookAhead: boolean;
  readonly maxStoreSize: number | undefined;
  readonly maxAge: number | undefined;
  /** Go's glob list. */
  readonly pin: string;
  readonly memory: number;
  readonly workers: number;
  /** Absolute files, both or none. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'auto' | 'json' | 'text';

/** A quarter leaves room for the program itself, the page cache and the build beside it. */
const MEMORY_SHARE = 4;
/** More gains little: the page cache holds the rest, and a laptop's owner would notice. */
const MOST_MEMORY = 2 ** 30;
/** A year of an ordinary team's modules, and small beside the disk of any build machine. */
const STORE_BYTES = 20 * 2 ** 30;
/** Less does not hold one ordinary module. */
const LEAST_MEMORY = 2 ** 20;
/** More than any machine has cores; a larger number is a mistake. */
const MOST_WORKERS = 512;

/** A mebibyte: nine zips in ten are smaller (median 30 kB); above it the client is fed while the file grows. */
const VERIFY_FIRST_BYTES = 2 ** 20;
/** So much of each of 64 simultaneous fetches may lie in memory. */
const MOST_VERIFY_FIRST_BYTES = 2 ** 24;

/** What is damaged is fetched again, and what is old is asked anew. */
const ASKING = ['store verify', 'store refresh'] as const;
const BUDGETING = ['store stats', 'store gc'] as const;

const known = goServices.checksumDatabase;

export const settings: { readonly [K in keyof Values]: Setting<Values[K]> } = {
  listen: {
    description: 'where to answer; port 0 takes any free one, no host every address',
    placeholder: 'HOST:PORT',
    alsoFor: [],
    schema: single(parseAddress),
    defaultValue: () => ({ host: '127.0.0.1', port: 8080 }),
    show: formatAddress,
  },
  store: {
    description: 'where fetched modules are kept',
    placeholder: 'URL-OR-DIR',
    alsoFor: ['run', 'store'],
    isPath: isLocal,
    schema: single(parseText),
    defaultValue: defaultStore,
    show: String,
  },
  database: {
    description: 'where the facts about them are kept',
    placeholder: 'URL-OR-FILE',
    alsoFor: ['run', 'store'],
    isPath: isLocal,
    schema: single(parseText),
    defaultValue: () => undefined,
    show: (value) => value ?? '(cofferdam.db in the store)',
  },
  upstream: {
    description: 'whom to ask, in the syntax of GOPROXY: https, http and file URLs, off',
    placeholder: 'LIST',
    alsoFor: [...ASKING],
    schema: single(parseList),
    defaultValue: () => goServices.mirror,
    show: String,
  },
  privateUpstream: {
    description: 'whom to ask for private paths, and for nothing else',
    placeholder: 'LIST',
    alsoFor: [...ASKING],
    schema: single(parseList),
    defaultValue: () => undefined,
    show: showOptional,
  },
  sumdb: {
    description: 'a checksum database to relay: NAME, NAME+KEY or "NAME+KEY URL", or off',
    placeholder: 'ENTRY',
    repeatable: true,
    alsoFor: [...ASKING],
    schema: several(parseChecksumDatabase).transform((found, context) => {
      const databases = found.filter((database) => database !== undefined);
      if (databases.length > 0 && databases.length < found.length) {
        context.addIssue('has off beside a checksum database');
      }
      if (new Set(databases.map((database) => database.name)).size < databases.length) {
        context.addIssue('names one checksum database twice');
      }
      return databases;
    }),
    defaultValue: () => [{ name: known.name, key: known.key, url: undefined }],
    show: (databases) => databases.map(formatChecksumDatabase).join(', ') || 'off',
  },
  private: {
    description: 'patterns of module paths that no public server may see',
    placeholder: 'PATTERNS',
    fallback: 'GOPRIVATE',
    repeatable: true,
    alsoFor: [...ASKING],
    schema: joined(parsePatterns),
    defaultValue: () => '',
    show: showList,
  },
  noSumdb: {
    description: 'patterns of module paths that no checksum database is asked about',
    placeholder: 'PATTERNS',
    fallback: 'GONOSUMDB',
    repeatable: true,
    alsoFor: [...ASKING],
    schema: joined(parsePatterns),
    defaultValue: () => '',
    show: showList,
  },
  requireVerification: {
    ...toggle('refuse new bytes that no checksum database vouches for'),
    alsoFor: [],
  },
  verifyFirst: {
    description: 'up to this size a file is verified whole before its first byte is sent',
    placeholder: 'SIZE',
    alsoFor: ['run'],
    schema: single(parseVerifyFirst),
    defaultValue: () => VERIFY_FIRST_BYTES,
    show: formatSize,
  },
  healing: {
    description: 'a time limit or bound towards upstreams, such as patience=30s (docs/healing.md)',
    placeholder: 'NAME=VALUE',
    repeatable: true,
    alsoFor: ['run', ...ASKING],
    schema: several(parseHealing),
    defaultValue: () => [],
    show: (values) => showList(values.map(formatHealing).join(', ')),
  },
  offline: { ...toggle('open no outgoing connection at all'), alsoFor: ['run', ...ASKING] },
  allowLocalRedirects: {
    ...toggle('follow redirects of upstreams to loopback and link-local addresses'),
    alsoFor: ['run', ...ASKING],
  },
  lookAhead: {
    description: 'whether to fetch ahead what a go command will ask next: on or off',
    placeholder: 'ON-OR-OFF',
    alsoFor: ['run'],
    schema: single(parseSwitch),
    defaultValue: () => true,
    show: (value) => (value ? 'on' : 'off'),
  },
  maxStoreSize: {
    description: 'how large the store may grow before what was used longest ago leaves, or none',
    placeholder: 'SIZE',
    alsoFor: [...BUDGETING],
    schema: single(unlessNone(parseSize)),
    defaultValue: () => STORE_BYTES,
    show: (value) => (value === undefined ? 'none' : formatSize(value)),
  },
  maxAge: {
    description: 'how long what nobody asks for stays in the store, or none',
    placeholder: 'DURATION',
    alsoFor: [...BUDGETING],
    schema: single(unlessNone(parseDuration)),
    defaultValue: () => undefined,
    show: (value) => (value === undefined ? 'none' : formatDuration(value)),
  },
  pin: {
    description: 'patterns of module paths that never leave the store by age or size',
    placeholder: 'PATTERNS',
    repeatable: true,
    alsoFor: [...BUDGETING],
    schema: joined(parsePatterns),
    defaultValue: () => '',
    show: showList,
  },
  memory: {
    description: 'how much memory keeps hot modules at hand',
    placeholder: 'SIZE',
    alsoFor: ['run'],
    schema: single(parseMemory),
    defaultValue: ({ memoryBytes }) =>
      Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, Math.floor(memoryBytes / MEMORY_SHARE))),
    show: formatSize,
  },
  workers: {
    description: 'how many processes answer clients; 1 is one process that does everything',
    placeholder: 'N',
    alsoFor: [],
    schema: single(parseWorkers),
    defaultValue: () => 1,
    show: String,
  },
  tlsCert: file('a PEM file with the certificate chain: answer over https'),
  tlsKey: file("a PEM file with the certificate's private key"),
  logLevel: {
    description: 'the least important messages to log: debug, info, warn or error',
    placeholder: 'LEVEL',
    alsoFor: ['run', 'store'],
    schema: single(choice<LogLevel>('debug', 'info', 'warn', 'error')),
    defaultValue: () => 'info',
    show: String,
  },
  logFormat: {
    description: 'how log lines look: json, text, or auto: text on a terminal, else json',
    placeholder: 'FORMAT',
    alsoFor: ['run', 'store'],
    schema: single(choice<LogFormat>('auto', 'json', 'text')),
    defaultValue: () => 'auto',
    show: String,
  },
};

/** As a person would write it; may hold secrets. */
export function showSetting<K extends keyof Values>(name: K, values: Pick<Values, K>): string {
  return settings[name].show(values[name]);
}

function isLocal(text: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function parseText(text: string): Parsed<string> {
  return text.includes('\0') ? bad('has a zero byte') : good(text);
}

function parseList(text: string): Parsed<string> {
  try {
    parseUpstreamList(text);
    return good(text);
  } catch (error) {
    if (!isProgramError(error)) throw error;
    return bad(`is no upstream list: ${error.message}${error.hint ? ` (${error.hint})` : ''}`);
  }
}

function parseMemory(text: string): Parsed<number> {
  const size = parseSize(text);
  if (size.ok && size.value < LEAST_MEMORY) {
    return bad(`is too little; ${formatSize(LEAST_MEMORY)} is the least`);
  }
  return size;
}

function parseVerifyFirst(text: string): Parsed<number> {
  const size = parseSize(text);
  return size.ok && size.value > MOST_VERIFY_FIRST_BYTES
    ? bad(`is too much; ${formatSize(MOST_VERIFY_FIRST_BYTES)} is the most`)
    : size;
}

function parseWorkers(text: string): Parsed<number> {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_WORKERS) return good(count);
  return bad(`is not a number of processes from 1 to ${MOST_WORKERS}`);
}

function parseSwitch(text: string): Parsed<boolean> {
  if (/^(1|true|yes|on)$/i.test(text)) return good(true);
  if (/^(0|false|no|off)$/i.test(text)) return good(false);
  return bad('is neither true nor false');
}

function choice<T extends string>(...names: readonly T[]): (text: string) => Parsed<T> {
  return (text) => {
    const found = names.find((name) => name === text);
    return found === undefined ? bad(`is not one of ${names.join(', ')}`) : good(found);
  };
}

function joined(parse: (text: string) => Parsed<string>): Setting<string>['schema'] {
  return several(parse).transform((parts) => parts.filter((part) => part !== '').join(','));
}

function toggle(description: string): Omit<Setting<boolean>, 'alsoFor'> {
  return {
    description,
    placeholder: undefined,
    schema: single(parseSwitch),
    defaultValue: () => false,
    show: String,
  };
}

function file(description: string): Setting<string | undefined> {
  return {
    description,
    placeholder: 'FILE',
    alsoFor: [],
    isPath: () => true,
    schema: single<string | undefined>(parseText),
    defaultValue: () => undefined,
    show: showOptional,
  };
}

function defaultStore({ cacheDirectory }: Surroundings): string {
  if (cacheDirectory !== undefined) return join(cacheDirectory, 'cofferdam');
  throw new ProgramError({
    code: 'configuration-invalid',
    kind: 'bad-input',
    message: 'there is no place for the store: neither HOME nor XDG_CACHE_HOME is set',
    hint: 'name a directory with --store or COFFERDAM_STORE',
  });
}

function showOptional(value: string | undefined): string {
  return value ?? 'none';
}

function showList(value: string): string {
  return value === '' ? 'none' : value;
}
