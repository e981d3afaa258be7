import type { Clock, Logger } from '../../platform/index.ts';
import type { VerificationFacts } from '../facts/index.ts';
import type { ModuleVersion } from './record-book.ts';

/** Upstreams that sent wrong bytes for a module version: asked last for it until that has passed. */
export interface UpstreamQuarantine {
  /** Why, or undefined when this upstream may be asked like any other. */
  reason(upstream: string, module: ModuleVersion): string | undefined;
  put(upstream: string, module: ModuleVersion, reason: string): void;
  /** It sent the right bytes after all. */
  release(upstream: string, module: ModuleVersion): void;
  /** Resolves when what was remembered before a restart is known. */
  readonly ready: Promise<void>;
}

interface Entry {
  readonly reason: string;
  readonly untilMilliseconds: number;
}

/** A liar can make one entry for each version; beyond this the oldest is forgotten. */
const MAXIMUM_ENTRIES = 10_000;

export function createUpstreamQuarantine(
  needs: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly facts: VerificationFacts;
  },
  settings: { readonly quarantineMilliseconds: number },
): UpstreamQuarantine {
  const { clock, facts } = needs;
  const entries = new Map<string, Entry>();

  async function load(): Promise<void> {
    try {
      for (const fact of await facts.quarantines()) {
        entries.set(keyOf(fact.upstream, fact), fact);
      }
    } catch (error) {
      needs.logger.warn('upstreams in quarantine could not be read', { error: String(error) });
    }
  }

  return {
    ready: load(),
    reason(upstream, module) {
      const entry = entries.get(keyOf(upstream, module));
      return entry !== undefined && entry.untilMilliseconds > clock.epochMilliseconds()
        ? entry.reason
        : undefined;
    },
    put(upstream, { path, version }, reason) {
      const key = keyOf(upstream, { path, version });
      const untilMilliseconds = clock.epochMilliseconds() + settings.quarantineMilliseconds;
      entries.delete(key);
      entries.set(key, { reason, untilMilliseconds });
      for (const oldest of entries.keys()) {
        if (entries.size <= MAXIMUM_ENTRIES) break;
        entries.delete(oldest);
      }
      void facts.quarantined({ upstream, path, version, reason, untilMilliseconds });
    },
    release(upstream, { path, version }) {
      if (entries.delete(keyOf(upstream, { path, version }))) {
        void facts.released({ upstream, path, version });
      }
    },
  };
}

function keyOf(upstream: string, { path, version }: ModuleVersion): string {
  return `${upstream} ${path}@${version}`;
}
