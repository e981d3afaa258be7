import { isHeadLie, lieAboutHead } from './lying-heads.ts';
import type { HeadLie } from './lying-heads.ts';
import { isRecordLie, lieAboutRecord } from './lying-records.ts';
import type { RecordLie, TrueLookup } from './lying-records.ts';
import { isTileLie, lieAboutTile } from './lying-tiles.ts';
import type { TileLie } from './lying-tiles.ts';
import type { NoteSigner } from './note-signer.ts';
import { createTransparencyLog } from './transparency-log.ts';
import type { TransparencyLog } from './transparency-log.ts';

/** A second history under the same key: its records, heads and tiles fit each other. */
type ForkLie =
  /** As large as the true tree. */
  | 'same-size-fork'
  /** Larger than any tree that was shown. */
  | 'larger-fork'
  /** The true record, with an older head that is none of this tree. */
  | 'older-fork';

/** What a checksum database can do that is wrong, or (`older-head`, `repeated-signature`) only looks so. */
export type DatabaseLie = ForkLie | HeadLie | RecordLie | TileLie | 'older-head';

export interface LyingDatabaseNeeds {
  readonly name: string;
  readonly log: TransparencyLog;
  readonly signer: NoteSigner;
  /** The record that a lookup asks for. */
  readonly find: (asked: string) => number | undefined;
}

/** Where and how a database lies; `lines` are the go.sum lines that it wants to have believed. */
export interface DatabaseLieOrder {
  readonly lie: DatabaseLie;
  readonly lines: string;
}

/** So much larger is the fork that shows a new tree. */
const FORK_RECORDS = 3;

/** Answers as the database does, but for the lie; undefined is 404. */
export function createLyingDatabase(
  needs: LyingDatabaseNeeds,
): (route: string, order: DatabaseLieOrder) => Buffer | undefined {
  const { log, signer } = needs;
  let fork: TransparencyLog | undefined;

  function signedHead({ size, more = '' }: { size?: number; more?: string } = {}): string {
    const tree = size === undefined ? log : copyLog(log, size);
    return signer.sign(`${headText(tree)}${more}`);
  }

  function makeFork(size: number, { number }: TrueLookup, lines: string): TransparencyLog {
    const changed = new Map([
      [number === 0 ? 1 : 0, 'forked.test/m v1.0.0 h1:no\n'],
      [number, lines],
    ]);
    const made = copyLog(log, Math.min(size, log.size), changed);
    while (made.size < size) made.append(`forked.test/m${made.size} v1.0.0 h1:no\n`);
    fork = made;
    return made;
  }

  function lookUp(found: TrueLookup, { lie, lines }: DatabaseLieOrder): Buffer | undefined {
    const { number, text } = found;
    if (isRecordLie(lie)) return lieAboutRecord(lie, found, lines, { log, head: signedHead });
    if (isHeadLie(lie)) return lookup(number, text, lieAboutHead(lie, headText(log), needs));
    switch (lie) {
      case 'same-size-fork':
      case 'larger-fork': {
        const size = log.size + (lie === 'larger-fork' ? FORK_RECORDS : 0);
        return lookup(number, lines, signer.sign(headText(makeFork(size, found, lines))));
      }
      case 'older-fork': {
        const older = makeFork(log.size - 1, found, text);
        fork = undefined;
        return lookup(number, text, signer.sign(headText(older)));
      }
      case 'older-head':
        return lookup(number, text, signedHead({ size: log.size - 1 }));
      default:
        return lookup(number, text, signedHead());
    }
  }

  return (route, order) => {
    const { lie } = order;
    if (route.startsWith('lookup/')) {
      const number = needs.find(route.slice('lookup/'.length));
      const text = number === undefined ? undefined : log.record(number);
      return number === undefined || text === undefined
        ? undefined
        : lookUp({ number, text }, order);
    }
    if (route.startsWith('tile/')) {
      const isForked = lie === 'same-size-fork' || lie === 'larger-fork';
      const tile = ((isForked ? fork : undefined) ?? log).tile(route.slice('tile/'.length));
      return tile !== undefined && isTileLie(lie) ? lieAboutTile(lie, tile) : tile;
    }
    if (route === 'latest') {
      return Buffer.from(isHeadLie(lie) ? lieAboutHead(lie, headText(log), needs) : signedHead());
    }
    return route === 'supported' ? Buffer.alloc(0) : undefined;
  };
}

/** What a tree head says, unsigned. */
export function headText(log: TransparencyLog): string {
  return `go.sum database tree\n${log.size}\n${log.root().toString('base64')}\n`;
}

function lookup(number: number, text: string, head: string): Buffer {
  return Buffer.from(`${number}\n${text}\n${head}`);
}

function copyLog(
  log: TransparencyLog,
  size: number,
  changed: ReadonlyMap<number, string> = new Map(),
): TransparencyLog {
  const copy = createTransparencyLog();
  for (let number = 0; number < size; number++) {
    copy.append(changed.get(number) ?? log.record(number) ?? '');
  }
  return copy;
}
