import { escapePath } from '../gomod/path/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { MutableAnswer, MutableAnswers } from './mutable-answers.ts';
import type { UpstreamChoice } from './upstream-choice.ts';

/** What became of asking for one resource anew. */
export interface Refreshed {
  readonly resource: 'list' | 'latest';
  /** `unchanged`: the upstreams fail, and what was known before holds. */
  readonly outcome: 'fresh' | 'absent' | 'unchanged' | 'failed';
  /** Why it failed. */
  readonly cause?: string | undefined;
}

export type RefreshReport =
  | {
      readonly kind: 'refreshed';
      /** Fresh answers about the module, and about all below its path, that were dropped. */
      readonly forgotten: number;
      readonly resources: readonly Refreshed[];
    }
  /** `malformed`: it is no module path. `unasked`: no upstream may hear of it. */
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'unasked';
      readonly problem: string;
    };

export interface ModuleFreshness {
  /**
   * Somebody pushed to a module: what is known of it and of all below its path is asked anew the next
   * time. Gives how many fresh answers that were; undefined when it is no module path.
   */
  forget(path: string): number | undefined;
  /** The same, and asks for the list and `@latest` now. */
  refresh(path: string): Promise<RefreshReport>;
}

export function createModuleFreshness(
  needs: {
    readonly answers: AnswerMemory;
    readonly mutable: MutableAnswers;
    readonly upstreams: Pick<UpstreamChoice, 'isServed'>;
  },
  settings: { readonly offline: boolean },
): ModuleFreshness {
  function forget(path: string): number | undefined {
    const escaped = escapePath(path);
    return escaped.ok ? needs.answers.forget(escaped.value) : undefined;
  }

  async function refresh(path: string): Promise<RefreshReport> {
    const escaped = escapePath(path);
    if (!escaped.ok) {
      return { kind: 'refused', reason: 'malformed', problem: escaped.problem };
    }
    if (settings.offline || !needs.upstreams.isServed(path)) {
      const reason = settings.offline ? 'with --offline nobody is asked' : 'no upstream serves it';
      return { kind: 'refused', reason: 'unasked', problem: `${path}: ${reason}` };
    }
    const forgotten = needs.answers.forget(escaped.value);
    const base = escaped.value;
    const [list, latest] = await Promise.all([
      needs.mutable.refresh({ kind: 'list', path, key: `${base}/@v/list` }),
      needs.mutable.refresh({ kind: 'latest', path, key: `${base}/@latest` }),
    ]);
    const resources = [describe('list', list), describe('latest', latest)];
    return { kind: 'refreshed', forgotten, resources };
  }

  return { forget, refresh };
}

function describe(resource: Refreshed['resource'], answer: MutableAnswer): Refreshed {
  if (answer.kind !== 'known') {
    const cause = answer.kind === 'failed' ? answer.failures[0]?.message : undefined;
    return { resource, outcome: 'failed', cause };
  }
  if (answer.outcome === 'stale') {
    return { resource, outcome: 'unchanged', cause: undefined };
  }
  const isAbsent = answer.answer.status !== 200;
  return { resource, outcome: isAbsent ? 'absent' : 'fresh', cause: undefined };
}
