import type { CaseResult } from './play.ts';
import type { ListShape } from './judge.ts';
import type { FaultRow } from './rows.ts';
import type { SystemName } from './systems.ts';

export const SYSTEM_TITLES: Readonly<Record<SystemName, string>> = {
  go: 'plain `go`',
  athens: 'Athens',
  goproxy: 'goproxy',
  serve: 'Cofferdam `serve`',
  run: 'Cofferdam `run`',
};

const SHAPES: readonly ListShape[] = ['one', 'comma', 'comma-record', 'pipe'];
const SHAPE_TITLES: Readonly<Record<ListShape, string>> = {
  one: 'one upstream',
  comma: 'comma',
  'comma-record': 'comma, recorded',
  pipe: 'pipe',
};

/** Faults down, systems across; each cell names its lists with what came of them. */
export function renderTable(
  rows: readonly FaultRow[],
  systems: readonly SystemName[],
  results: readonly CaseResult[],
): string {
  const head = ['fault of the first upstream', ...systems.map((name) => SYSTEM_TITLES[name])];
  const lines = rows
    .map((row) => ({ row, own: results.filter((result) => result.row === row.id) }))
    .filter(({ own }) => own.length > 0)
    .map(({ row, own }) => {
      const cells = systems.map((name) => cellOf(own.filter(({ system }) => system === name)));
      return `| ${[row.title, ...cells].join(' | ')} |`;
    });
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...lines].join('\n');
}

function cellOf(results: readonly CaseResult[]): string {
  const words = SHAPES.map((shape) => ({
    shape,
    word: wordOf(results.filter((result) => result.shape === shape)),
  })).filter(({ word }) => word !== '');
  if (words.length === 0) return '';
  if (new Set(words.map(({ word }) => word)).size === 1) return words[0]?.word ?? '';
  return groupByWord(words)
    .map(({ shapes, word }) => `${shapes.map((shape) => SHAPE_TITLES[shape]).join(', ')}: ${word}`)
    .join('; ');
}

function groupByWord(
  words: readonly { readonly shape: ListShape; readonly word: string }[],
): readonly { readonly word: string; readonly shapes: readonly ListShape[] }[] {
  const groups = new Map<string, ListShape[]>();
  for (const { shape, word } of words) groups.set(word, [...(groups.get(word) ?? []), shape]);
  return [...groups].map(([word, shapes]) => ({ word, shapes }));
}

const WORDS = { success: 'works', wrong: '**wrong bytes**', fails: 'fails', hangs: '**hangs**' };

/** The worst of the variants; a failure of ours says how quickly it was told. */
function wordOf(results: readonly CaseResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const kinds = new Set(results.map(({ outcome }) => outcome.kind));
  for (const kind of ['wrong', 'hangs', 'fails'] as const) {
    if (!kinds.has(kind)) continue;
    const slowest = Math.max(
      ...results
        .filter(({ outcome }) => outcome.kind === kind)
        .map(({ outcome }) => outcome.seconds),
    );
    const told =
      kind === 'fails' && slowest >= 1 ? `fails in ${Math.ceil(slowest)} s` : WORDS[kind];
    return kinds.size > 1 && kinds.has('success') ? `${told} (some)` : told;
  }
  return WORDS.success;
}
