import { z } from 'zod';
import type { StoreReports } from '../proxy/index.ts';

const COUNT = z.number().int().min(0);
const TIME = z.string().describe('RFC 3339');
const VERSION = z.object({ path: z.string(), version: z.string() });

const FINDING = z.object({
  code: z.string(),
  title: z.string(),
  explanation: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  confidence: z.number().min(0).max(1),
  evidence: z.array(
    z.object({
      kind: z.string(),
      text: z.string(),
      line: COUNT.optional(),
      source: z.string().optional(),
    }),
  ),
  fix: z
    .object({ text: z.string(), command: z.string().optional(), edits: z.array(z.never()) })
    .optional(),
  owner: z.enum(['proxy', 'platform', 'network', 'author', 'developer']).optional(),
  retry: z
    .enum(['transient', 'permanent', 'transient-then-permanent', 'permanent-but-cheap'])
    .optional(),
  dependsOn: z.array(z.string()),
  checked: z.enum(['yes', 'no', 'not-checked']),
});

const STATS = z.object({
  modules: COUNT,
  versions: COUNT,
  artifacts: COUNT,
  bytes: COUNT.describe('on the disk, in whole blocks'),
  maximumBytes: COUNT.optional(),
  maximumAgeSeconds: z.number().optional(),
  freeBytes: COUNT,
  lastUsed: TIME.optional(),
  oldestUse: TIME.optional(),
  quarantined: COUNT.describe('damaged files that are kept for a week'),
  quarantinedBytes: COUNT,
  blocked: z.array(
    z.object({
      path: z.string(),
      version: z.string().optional().describe('absent: every one'),
      reason: z.string(),
      blocked: z.boolean(),
      at: TIME,
    }),
  ),
  lastScrub: z
    .object({
      finished: TIME,
      artifacts: COUNT,
      bytes: COUNT,
      damaged: COUNT,
      repaired: COUNT,
    })
    .optional(),
});

const VERIFY = z.object({
  dryRun: z.boolean(),
  artifacts: COUNT,
  bytes: COUNT,
  damaged: COUNT,
  repaired: COUNT.describe('of these, what upstreams gave again'),
  isComplete: z.boolean(),
  findings: z.array(FINDING),
});

const GC = z.object({
  dryRun: z.boolean(),
  versions: COUNT,
  bytes: COUNT,
  evictedVersions: COUNT,
  evictedBytes: COUNT,
  isOverBudget: z.boolean().describe('what is pinned or in use does not fit'),
  evicted: z.array(VERSION).describe('of very many the first'),
});

const PURGE = z.object({
  dryRun: z.boolean(),
  mode: z.enum(['forget', 'block', 'lift']),
  removed: z.array(VERSION),
  removedBytes: COUNT,
  others: z
    .array(z.string())
    .optional()
    .describe('when nothing was: the highest versions of the module that are stored'),
});

const REFRESH = z.object({
  forgotten: COUNT.describe('fresh answers that were dropped'),
  resources: z.array(
    z.object({
      resource: z.enum(['list', 'latest']),
      outcome: z.enum(['fresh', 'absent', 'unchanged', 'failed']),
      cause: z.string().optional(),
    }),
  ),
});

const TASK = z.object({
  id: z.string(),
  kind: z.enum(['verify', 'gc']),
  state: z.enum(['running', 'done', 'failed']),
  started: TIME,
  versions: COUNT.describe('that were looked at so far'),
  bytes: COUNT,
  verify: VERIFY.optional(),
  gc: GC.optional(),
  problem: z
    .object({
      code: z.string().optional().describe('absent: a bug of ours'),
      message: z.string(),
      hint: z.string().optional(),
    })
    .optional(),
});

/** How far work on the whole store has come, and its report. */
export interface StoreTask {
  readonly id: string;
  readonly kind: 'verify' | 'gc';
  readonly state: 'running' | 'done' | 'failed';
  readonly started: string;
  readonly versions: number;
  readonly bytes: number;
  readonly verify?: StoreReports['verify'] | undefined;
  readonly gc?: StoreReports['gc'] | undefined;
  readonly problem?:
    | {
        /** Absent after a bug of ours. */
        readonly code?: string | undefined;
        readonly message: string;
        readonly hint?: string | undefined;
      }
    | undefined;
}

type Both<T> = z.ZodType<T, T>;
type Refreshed = Extract<StoreReports['refresh'], { readonly kind: 'refreshed' }>;

interface StoreSchemas {
  readonly stats: Both<StoreReports['stats']>;
  readonly purge: Both<StoreReports['purge']>;
  readonly refresh: Both<Omit<Refreshed, 'kind'>>;
  readonly task: Both<StoreTask>;
}

/** What the operations on the store answer; whoever asks from afar reads it with the same schemas. */
export const storeSchemas: StoreSchemas = {
  stats: STATS,
  purge: PURGE,
  refresh: REFRESH,
  task: TASK,
};
