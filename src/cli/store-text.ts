import { findingsAsText } from '../finding/index.ts';
import type { Finding } from '../finding/index.ts';
import type { StoreReports } from '../proxy/index.ts';
import { exitCodes } from './exit-codes.ts';
import { formatBytes, plainText } from './format-text.ts';

/** A report as people and programs read it. */
export interface Words {
  readonly json: Readonly<Record<string, unknown>>;
  /** Stand beside the rest in JSON, in the shape of all findings. */
  readonly findings?: readonly Finding[];
  /** Data for people, in lines. */
  readonly text: string;
  /** One sentence about it, for stderr. */
  readonly summary: string;
  readonly exitCode: number;
}

export function describeStats(stats: StoreReports['stats']): Words {
  const { modules, versions, artifacts, bytes, maximumBytes, lastScrub, blocked } = stats;
  const { maximumAgeSeconds: age, quarantined } = stats;
  const rows: readonly (readonly [string, string])[] = [
    ['modules', String(modules)],
    ['versions', String(versions)],
    ['artifacts', String(artifacts)],
    ['size', `${formatBytes(bytes)} of ${sizeOf(maximumBytes)}`],
    ['age limit', age === undefined ? 'none' : counted(age / 86_400, 'day')],
    ['free on disk', formatBytes(stats.freeBytes)],
    ['last used', stats.lastUsed ?? 'never'],
    ['oldest use', stats.oldestUse ?? 'never'],
    ['quarantine', `${counted(quarantined, 'file')}, ${formatBytes(stats.quarantinedBytes)}`],
    [
      'last verified',
      lastScrub === undefined
        ? 'never'
        : `${lastScrub.finished}: ${counted(lastScrub.artifacts, 'artifact')}, ${lastScrub.damaged} damaged, ${lastScrub.repaired} repaired`,
    ],
    ...blocked.map(
      (stone) =>
        ['blocked', `${nameOf(stone)} since ${stone.at}: ${plainText(stone.reason)}`] as const,
    ),
  ];
  return {
    json: { ...stats },
    text: rows.map(([name, value]) => `${name.padEnd(14)} ${value}\n`).join(''),
    summary: versions === 0 ? 'the store is empty' : 'sizes are on the disk, in whole blocks',
    exitCode: exitCodes.fine,
  };
}

export function describeVerify({ findings, ...counts }: StoreReports['verify']): Words {
  const { artifacts, bytes, damaged, repaired, isComplete, dryRun } = counts;
  const read = `${counted(artifacts, 'artifact')}, ${formatBytes(bytes)} read`;
  const fate = dryRun
    ? `${damaged} damaged and left where they are (--dry-run)`
    : `${damaged} damaged, ${repaired} of them fetched again, the others in quarantine`;
  const end = isComplete ? '' : '; stopped before the end';
  return {
    json: { ...counts },
    findings,
    text: findingsAsText(findings),
    summary: `${read}: ${damaged === 0 ? 'all as they were stored' : fate}${end}`,
    exitCode:
      damaged > 0 || !isComplete
        ? exitCodes.failure
        : artifacts === 0
          ? exitCodes.nothing
          : exitCodes.fine,
  };
}

export function describeGarbage(report: StoreReports['gc']): Words {
  const { evicted, evictedVersions, evictedBytes, versions, bytes, isOverBudget, dryRun } = report;
  const more = evictedVersions - evicted.length;
  const lines = evicted.map((version) => `${nameOf(version)}\n`).join('');
  const would = dryRun ? 'would leave' : 'left';
  const rest = `${versions - evictedVersions} with ${formatBytes(bytes - evictedBytes)} stay`;
  const over = isOverBudget ? '; the rest is pinned or in use, and above the size that is set' : '';
  return {
    json: { ...report },
    text: more > 0 ? `${lines}and ${more} more\n` : lines,
    summary: `${counted(evictedVersions, 'version')} with ${formatBytes(evictedBytes)} ${would}, ${rest}${over}`,
    exitCode: isOverBudget ? exitCodes.failure : exitCodes.fine,
  };
}

export function describePurge(report: StoreReports['purge'], asked: string): Words {
  const { removed, removedBytes, mode, dryRun, others = [] } = report;
  const would = dryRun ? 'would be ' : '';
  const instead = others.length === 0 ? '' : ` (but ${others.join(', ')})`;
  const gone =
    removed.length === 0
      ? `nothing of ${asked} was stored${instead}`
      : `${counted(removed.length, 'version')} with ${formatBytes(removedBytes)} ${would}removed`;
  const then = {
    forget: 'whoever asks next fetches it anew',
    block: `${asked} ${would === '' ? 'is' : 'would be'} refused from now on`,
    lift: `${asked} ${would === '' ? 'is' : 'would be'} refused no more`,
  }[mode];
  return {
    json: { ...report },
    text: removed.map((version) => `${nameOf(version)}\n`).join(''),
    summary: mode === 'lift' ? then : `${gone}; ${then}`,
    exitCode: exitCodes.fine,
  };
}

export function describeRefresh(
  reports: readonly (readonly [string, StoreReports['refresh']])[],
): Words {
  const modules = reports.map(([path, report]) => ({ path, ...report }));
  const lines = modules.flatMap((report) =>
    report.kind === 'refused'
      ? [`${report.path}: refused: ${report.problem}`]
      : report.resources.map(({ resource, outcome, cause }) =>
          [
            `${report.path}: ${resource} ${outcome}`,
            ...(cause === undefined ? [] : [plainText(cause)]),
          ].join(': '),
        ),
  );
  const refusals = modules.filter((report) => report.kind === 'refused');
  const isMalformed = refusals.some(({ reason }) => reason === 'malformed');
  const isRefused = refusals.length > 0;
  const isStale = modules.some(
    (report) =>
      report.kind === 'refreshed' &&
      report.resources.some(({ outcome }) => outcome === 'failed' || outcome === 'unchanged'),
  );
  return {
    json: { modules },
    text: lines.map((line) => `${line}\n`).join(''),
    summary: isRefused
      ? 'not everything could be asked'
      : isStale
        ? 'upstreams fail: what was known before holds where there is anything'
        : `${counted(modules.length, 'module')} ${modules.length === 1 ? 'was' : 'were'} asked anew`,
    exitCode: isMalformed
      ? exitCodes.usage
      : isRefused
        ? exitCodes.failure
        : isStale
          ? exitCodes.unavailable
          : exitCodes.fine,
  };
}

function nameOf({ path, version }: { path: string; version?: string | undefined }): string {
  return version === undefined ? path : `${path}@${version}`;
}

function sizeOf(bytes: number | undefined): string {
  return bytes === undefined ? 'no limit' : formatBytes(bytes);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
