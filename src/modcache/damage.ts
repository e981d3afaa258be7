import type { Finding } from '../finding/index.ts';
import type { ModuleVersion } from './module-version.ts';

/** One thing that is wrong in the cache, and what takes it away. */
export interface Damage {
  readonly code:
    | 'cache-corrupt'
    | 'cache-empty-file-hash'
    | 'cache-permission-denied'
    | 'gosum-mismatch';
  readonly severity: 'error' | 'warning';
  /** One line. */
  readonly title: string;
  /** What was seen. */
  readonly proof: string;
  /** Where, relative to the cache. */
  readonly file: string;
  readonly module: ModuleVersion | undefined;
  /** Relative to the cache, in this order; nothing where nothing in the cache is at fault. */
  readonly remove: readonly string[];
  /** Stands while an unpacked tree is removed, so that nobody takes the half of it for the whole. */
  readonly marker?: string | undefined;
  readonly makeReadable?: readonly string[] | undefined;
  /** What the go command would do about it. */
  readonly behaviour: string;
  /** The go command mends it by itself when it needs that version. */
  readonly goMends: boolean;
  readonly confidence: number;
}

const heal = 'remove only what is broken, then let go fetch it again';

export function asFinding(damage: Damage): Finding {
  const { code, severity, title, proof, file, module, remove, makeReadable, goMends } = damage;
  const words = module === undefined ? '' : ` ${module.path}@${module.version}`;
  const mends = goMends
    ? 'go mends it by itself when it needs that version.'
    : 'go never mends it by itself.';
  const canHeal = remove.length > 0 || (makeReadable?.length ?? 0) > 0;
  return {
    code,
    title,
    explanation: `${damage.behaviour} ${mends}`,
    severity,
    confidence: damage.confidence,
    evidence: [{ kind: 'file', text: proof, source: file }],
    fix: canHeal
      ? { text: heal, command: `cofferdam modcache heal${words}`, edits: [] }
      : { text: adviceFor(damage), edits: [] },
    owner: 'platform',
    retry: goMends ? 'transient' : 'permanent',
    dependsOn: [],
    checked: 'yes',
  };
}

function adviceFor({ code }: Damage): string {
  if (code === 'cache-permission-denied') return 'see who made it, and let one user own one cache';
  if (code === 'gosum-mismatch') return 'compare the line of go.sum with the checksum database';
  return 'go writes it again with the next go mod download';
}
