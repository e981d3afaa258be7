import { findingsAsJson, findingsAsText } from '../finding/index.ts';
import { asFinding } from './damage.ts';
import type { HealReport, VerifyReport } from './module-cache.ts';
import type { Action } from './remove-damage.ts';

export function verifyAsText(report: VerifyReport): string {
  return findingsAsText(report.damages.map(asFinding)) + remarks(report);
}

export function verifyAsJson(report: VerifyReport): string {
  return findingsAsJson(report.damages.map(asFinding), about(report));
}

export function healAsText(report: HealReport): string {
  const lines = report.actions.map(actionAsText);
  const unmended = report.damages
    .filter(({ remove, makeReadable = [] }) => remove.length === 0 && makeReadable.length === 0)
    .map(asFinding);
  return lines.join('') + findingsAsText(unmended) + remarks(report);
}

export function healAsJson(report: HealReport): string {
  const actions = report.actions.map(({ obstacle, ...action }) => ({
    ...action,
    obstacle: obstacle ?? null,
  }));
  return findingsAsJson(report.damages.map(asFinding), {
    ...about(report),
    dryRun: report.isDryRun,
    actions,
  });
}

function about({ directory, versions, bytes, unlisted, busy, isUnlocked }: VerifyReport): {
  readonly [name: string]: unknown;
} {
  return { modcache: directory, versions, bytes, unlisted, busy, locked: !isUnlocked };
}

const done: Readonly<Record<Action['kind'], string>> = {
  removed: 'removed',
  'would-remove': 'would remove',
  'made-readable': 'made readable',
  'would-make-readable': 'would make readable',
  left: 'left',
};

function actionAsText({ kind, path, why, obstacle, goMends }: Action): string {
  const behaviour = goMends
    ? 'go would have mended this by itself'
    : 'go never mends this by itself';
  const reason = obstacle === undefined ? '' : `  not removed: ${obstacle}\n`;
  return `${done[kind]} ${path}\n  ${why}\n  ${behaviour}\n${reason}`;
}

function remarks({ busy, isUnlocked, unlisted }: VerifyReport): string {
  const lines = [
    ...busy.map(
      (name) => `note: a go command is working on ${name}; run this again when it is done`,
    ),
    ...(unlisted > 0 ? [`note: ${unlisted} more findings are not listed`] : []),
    ...(isUnlocked
      ? ["note: go's own locks could not be taken here, so let no go command run beside this"]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
