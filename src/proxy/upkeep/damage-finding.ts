import type { Finding } from '../../finding/index.ts';

/** A stored artifact that is damaged, and what became of it. */
export interface DamagedArtifact {
  readonly path: string;
  readonly version: string;
  readonly key: string;
  readonly problem: string;
  /** `removed`: out of the tree, and nobody gave it again. `left`: it was only looked at. */
  readonly fate: 'repaired' | 'removed' | 'left';
  /** Where the damaged bytes are now, when they could be moved. */
  readonly keptAt: string | undefined;
}

export function damageFinding(damaged: DamagedArtifact): Finding {
  const { path, version, key, problem, fate, keptAt } = damaged;
  const kind = key.slice(key.lastIndexOf('.') + 1);
  const place = keptAt === undefined ? '' : ` The damaged bytes are kept at ${keptAt} for a week.`;
  return {
    code: 'artifact-damaged',
    title: `the stored ${kind} of ${path}@${version} is damaged`,
    explanation: `${STORIES[fate]}${place}`,
    severity: fate === 'repaired' ? 'warning' : 'error',
    confidence: 1,
    evidence: [{ kind: 'file', text: problem, source: `modules/${key}` }],
    fix: {
      text: FIXES[fate],
      ...(fate === 'left' ? { command: 'cofferdam store verify' } : {}),
      edits: [],
    },
    owner: 'proxy',
    // Damaged bytes are never served: whoever asks again gets right ones or an error with its cause.
    retry: 'transient',
    dependsOn: [],
    checked: 'yes',
  };
}

const STORIES: Readonly<Record<DamagedArtifact['fate'], string>> = {
  repaired: 'Its bytes were not those that were stored; an upstream gave it again.',
  removed:
    'Its bytes are not those that were stored, and no upstream gave it again; it is asked for anew when somebody wants it.',
  left: 'Its bytes are not those that were stored; it was left where it is, and it is never served.',
};

const FIXES: Readonly<Record<DamagedArtifact['fate'], string>> = {
  repaired: 'nothing now; if it happens again, replace the disk',
  removed: 'make an upstream reachable that has it; if it happens again, replace the disk',
  left: 'verify without --dry-run: it is fetched again where an upstream has it',
};
