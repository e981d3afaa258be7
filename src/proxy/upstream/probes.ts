import type { UpstreamHealth } from '../health/index.ts';
import { askUpstream } from './ask-upstream.ts';
import type { AskNeeds, AskSettings } from './ask-upstream.ts';
import { takeSmallBody } from './small-body.ts';
import type { UpstreamEntry } from './upstream-list.ts';

export interface ProbeSettings extends AskSettings {
  /** A probe that takes longer than this proves no health. */
  readonly probeMilliseconds: number;
}

/**
 * Asks an upstream that was found failing for a small file that it had before, whenever its breaker
 * allows a trial, so that it is back in use before a build needs it. Nothing is ever guessed: an
 * upstream that never had anything is tried by the next build.
 */
export function startProbes(
  needs: AskNeeds,
  settings: ProbeSettings,
  entries: readonly UpstreamEntry[],
): { close(): void } {
  const { clock, health: register } = needs;
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const waiting = new Map<string, { cancel(): void }>();
  const leaving = new AbortController();

  function plan(health: UpstreamHealth): void {
    const entry = byName.get(health.name);
    const key = health.probeKey();
    const wait = health.nextTrialIn();
    const isUseless = entry === undefined || key === undefined || wait === undefined;
    if (isUseless || leaving.signal.aborted || waiting.has(health.name)) {
      return;
    }
    const timer = clock.after(wait, () => {
      waiting.delete(health.name);
      void probe(health, entry, key);
    });
    waiting.set(health.name, timer);
  }

  async function probe(health: UpstreamHealth, entry: UpstreamEntry, key: string): Promise<void> {
    const ticket = health.begin(false);
    if (ticket === undefined) {
      // An ordinary request is trying it already, or somebody holds it down.
      return;
    }
    const problem = await ask(entry, key).catch(() => 'the probe was given up');
    register.metrics.probe(entry.name, problem === undefined ? 'success' : 'failure');
    if (leaving.signal.aborted) {
      ticket.settle('unknown');
      return;
    }
    ticket.settle(problem === undefined ? 'success' : 'failure', problem);
    plan(health);
  }

  /** Undefined, or what is wrong. */
  async function ask(entry: UpstreamEntry, key: string): Promise<string | undefined> {
    const signal = clock.deadline(settings.probeMilliseconds, leaving.signal);
    const answer = await askUpstream(needs, settings, entry, { key, signal, via: undefined });
    const whole = answer.outcome === 'found' ? await takeSmallBody(answer) : answer;
    if (whole.outcome === 'failed') {
      return whole.message;
    }
    if (whole.outcome === 'absent') {
      return `${entry.name} no longer has what it had before`;
    }
    const pieces: Buffer[] = [];
    for await (const piece of whole.body) {
      pieces.push(piece);
    }
    return isPlausible(key, Buffer.concat(pieces).toString('utf8'))
      ? undefined
      : `${entry.name} sends something else than before`;
  }

  register.onUnhealthy(plan);
  return {
    close() {
      leaving.abort(new Error('the proxy is closing'));
      for (const timer of waiting.values()) timer.cancel();
      waiting.clear();
    },
  };
}

/** A status says little: captive portals send 200. */
function isPlausible(key: string, text: string): boolean {
  if (!key.endsWith('.info')) {
    return text.trim() !== '' && !text.trimStart().startsWith('<');
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'Version' in parsed;
  } catch {
    return false;
  }
}
