import { inSeconds, phaseTotals } from './run-report.ts';
import type { RunReport } from './run-report.ts';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | string;
}

/**
 * OpenMetrics text, which is also Prometheus text: for GitLab's metrics report and for a textfile collector.
 * Labels have few values: no module, no job, no address.
 */
export function asOpenMetrics({ summary, comparison }: RunReport): string {
  const { engine } = summary;
  const lines: string[] = [];
  function gauge(name: string, unit: string, help: string, samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    const whole = `cofferdam_run_${name}${unit === '' ? '' : `_${unit}`}`;
    lines.push(`# TYPE ${whole} gauge`);
    if (unit !== '') lines.push(`# UNIT ${whole} ${unit}`);
    lines.push(`# HELP ${whole} ${help}`);
    for (const { labels = {}, value } of samples)
      lines.push(`${whole}${labelled(labels)} ${value}`);
  }
  gauge('duration', 'seconds', 'From the start of run to its end.', [
    { value: inSeconds(summary.durationMilliseconds) },
  ]);
  gauge(
    'phase_duration',
    'seconds',
    'Time of each phase, all its tries together.',
    phaseTotals(summary.phases).map(({ name, outcome, milliseconds }) => ({
      labels: { phase: name, outcome },
      value: inSeconds(milliseconds),
    })),
  );
  gauge('exit_code', '', 'What run ended with.', [{ value: summary.exitCode }]);
  gauge('failed', '', '1 when it did not end with 0, together with the cause that was found.', [
    {
      labels: { cause: summary.diagnosis[0]?.code ?? 'none' },
      value: summary.exitCode === 0 ? 0 : 1,
    },
  ]);
  gauge('stalls', '', 'Times that nothing came from an upstream.', [
    { value: summary.stalls.length },
  ]);
  gauge('phase_retries', '', 'Phases that were tried again.', [{ value: summary.retries.length }]);
  if (engine !== undefined) {
    gauge('modules', '', 'Modules that the command got from the engine.', [
      { value: engine.modules },
    ]);
    gauge('served', 'bytes', 'What the command got from the engine.', [
      { value: engine.bytesServed },
    ]);
    gauge('fetched', 'bytes', 'What came from upstreams.', [{ value: engine.bytesFetched }]);
    gauge('upstream_requests', '', 'Requests to upstreams.', [{ value: engine.upstreamRequests }]);
    gauge('upstream_retries', '', 'Of these, repeated ones.', [{ value: engine.retries }]);
    gauge('upstream_failures', '', 'Requests that nobody could answer.', [
      { value: engine.failures },
    ]);
  }
  if (comparison?.kind === 'compared') {
    gauge('baseline_runs', '', 'Good runs that it was compared with.', [
      { value: comparison.runs },
    ]);
    gauge(
      'baseline_ratio',
      '',
      'Time of a completed phase as a share of the median of good runs.',
      comparison.stages.map(({ name, ratio }) => ({
        labels: { phase: name },
        value: ratio.toFixed(4),
      })),
    );
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, '_')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
