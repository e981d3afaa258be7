import type { GuardNeeds } from './needs.ts';
import { say } from './report.ts';
import type { RunEvent } from './run-events.ts';
import type { PassedLimit } from './run-limits.ts';

/** What people should hear while a run goes on. */
export function sayEvent(needs: Pick<GuardNeeds, 'write'>, event: RunEvent): void {
  if (event.kind === 'stall') {
    const { url, silentMilliseconds, others } = event.stall;
    const more = others > 0 ? `, nor from ${others} more` : '';
    say(needs, `nothing has come from ${url} for ${seconds(silentMilliseconds)}${more}`);
  }
  if (event.kind === 'retry') {
    const { phase, because, waitMilliseconds, attempt } = event.retry;
    const next = `try ${attempt + 1} begins in ${seconds(waitMilliseconds)}`;
    say(needs, `the ${phase} failed for what may pass (${because}); ${next}`);
  }
}

/** Which limit ended the run, and what was waited for. */
export function sayLimit(needs: Pick<GuardNeeds, 'write'>, limit: PassedLimit): void {
  const { flag, milliseconds, waiting } = limit;
  const because =
    waiting === undefined
      ? ''
      : `, when nothing had come from ${waiting.url} for ${seconds(waiting.silentMilliseconds)}`;
  const after = flag === '--timeout' ? ` after ${milliseconds / 1000} s` : '';
  say(needs, `stopped${after} (${flag})${because}`);
}

function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}
