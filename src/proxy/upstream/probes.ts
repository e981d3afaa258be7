import type { UpstreamHealth } from '../health/index.ts';
import { askUpstream } from './ask-upstream.ts';
import type { AskNeeds, AskSettings } from './ask-upstream.ts';
import { takeSmallBody } from './small-body.ts';
import type { UpstreamEntry } from './upstream-list.ts';

export interface ProbeSettings extends AskSettings {
  /** A probe that takes longer than this proves no health. */
  readonly probeMilliseconds: number;
}

export interface Probes {
  /**
   * Whether one of them gives what it had before within this time, whatever it says to other questions.
   * One of which nothing can be asked answers as long as it does not fail.
   */
  isAnswering(entries: readonly UpstreamEntry[], milliseconds: number): Promise<boolean>;
  close(): void;
}

/** Between two tries to see whether somebody answers: one broken connection proves nothing. */
const AGAIN_MILLISECONDS = 300;

/**
 * Asks an upstream that was found failing for a small file that it had before, whenever its breaker
 * allows a trial, so that it is back in use before a build needs it. Nothing is ever guessed: an
 * upstream that never had anything is tried by the next build.
 */
export function startProbes(
  needs: AskNeeds,
  settings: ProbeSettings,
  entries: readonly UpstreamEntry[],
): Probes {
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

  const looks = new Map<string, Promise<boolean>>();

  /** One look for all who ask at the same time. */
  async function look(entry: UpstreamEntry, milliseconds: number): Promise<boolean> {
    const running = looks.get(entry.name);
    if (running !== undefined) {
      return running;
    }
    const started = answers(entry, milliseconds).finally(() => looks.delete(entry.name));
    looks.set(entry.name, started);
    return started;
  }

  async function answers(entry: UpstreamEntry, milliseconds: number): Promise<boolean> {
    const health = register.of(entry.name);
    const key = health.probeKey();
    if (health.isUnwelcome() || key === undefined) {
      return !health.isUnwelcome() && !health.isFailing();
    }
    const signal = clock.deadline(milliseconds, leaving.signal);
    while (!signal.aborted) {
      const answer = await askUpstream(needs, settings, entry, { key, signal, via: undefined });
      if (answer.outcome === 'found') answer.discard();
      if (answer.outcome !== 'failed') return true;
      await clock.sleep(AGAIN_MILLISECONDS, signal).catch(() => undefined);
    }
    return false;
  }

  register.onUnhealthy(plan);
  return {
    async isAnswering(asked, milliseconds) {
      const all = await Promise.all(asked.map(async (entry) => look(entry, milliseconds)));
      return all.includes(true);
    },
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
