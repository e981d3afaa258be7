import { join } from 'node:path';
import type { TreeEntry } from '../platform/tree/index.ts';
import type { FileKind } from './cache-names.ts';
import type { Damage } from './damage.ts';
import { judgeInfo, judgeMod } from './judge-small-files.ts';
import { judgeZip } from './judge-zip.ts';
import { fileOf, nameOf, unlessDenied } from './judged.ts';
import type { Judged, Subject } from './judged.ts';

/** A file that a running go command still writes is younger; zips are also written under its lock. */
export const LEFTOVER_MILLISECONDS: number = 10 * 60 * 1000;

/** Everything that the cache has of one version. */
export async function judgeVersion(subject: Subject): Promise<Judged> {
  const misplaced = misplacedDamages(subject);
  const denied = await deniedDamages(subject);
  const rest = [
    ...misplaced,
    ...denied,
    ...partialDamages(subject),
    ...(await leftoverDamages(subject)),
  ];
  // What cannot be read cannot be judged, and what is no file was judged already.
  if (misplaced.length > 0 || denied.length > 0) {
    return { damages: rest, bytes: 0, isCutShort: true };
  }
  const judged = await unlessDenied(subject, async () => {
    const zip = await judgeZip(subject);
    const small = [...(await judgeMod(subject, zip.goMod)), ...(await judgeInfo(subject))];
    return { damages: [...zip.damages, ...small], bytes: zip.bytes };
  });
  if ('deniedAt' in judged) {
    const damage = await insideDamage(subject, judged.deniedAt);
    return { damages: [...rest, damage], bytes: 0, isCutShort: true };
  }
  const { damages, bytes } = judged.value;
  return { damages: [...damages, ...rest], bytes };
}

/** Something deep in the unpacked module cannot be read; unpacking it again costs little. */
async function insideDamage(subject: Subject, deniedAt: string): Promise<Damage> {
  const { needs, root, unpacked } = subject;
  const damage = deniedDamage(subject, deniedAt, undefined);
  if (!deniedAt.startsWith(`${unpacked}/`)) return damage;
  const entry = await needs.tree.look(join(root, unpacked));
  if (entry === undefined || entry.owner !== needs.tree.user) return damage;
  return { ...damage, remove: [unpacked], marker: fileOf(subject, 'partial') };
}

const judgedKinds: readonly FileKind[] = ['zip', 'ziphash', 'mod', 'info'];

/** Links are somebody's decision, and go follows them; they are neither read nor removed here. */
function misplacedDamages(subject: Subject): readonly Damage[] {
  const damages: Damage[] = [];
  for (const [kind, found] of subject.files.kinds) {
    if (found === 'file' || found === 'link') continue;
    const file = fileOf(subject, kind);
    const what = found === 'directory' ? 'a directory' : 'no file';
    damages.push({
      code: 'cache-corrupt',
      severity: 'error',
      title: `the cached .${kind} of ${nameOf(subject)} is ${what}`,
      proof: `it is ${what}`,
      file,
      module: subject.module,
      remove: [file],
      behaviour: 'go fails when it opens this as a file.',
      goMends: false,
      confidence: 1,
    });
  }
  return damages;
}

async function deniedDamages(subject: Subject): Promise<readonly Damage[]> {
  const { needs, root, files, unpacked } = subject;
  const places = judgedKinds
    .filter((kind) => files.kinds.get(kind) === 'file')
    .map((kind) => fileOf(subject, kind));
  const damages: Damage[] = [];
  for (const place of [...places, unpacked]) {
    const entry = await needs.tree.look(join(root, place));
    if (entry !== undefined && entry.kind !== 'link' && !entry.isReadable) {
      damages.push(deniedDamage(subject, place, entry));
    }
  }
  return damages;
}

function deniedDamage(subject: Subject, place: string, entry: TreeEntry | undefined): Damage {
  const { user } = subject.needs.tree;
  const isOurs = entry !== undefined && (user === undefined || entry.owner === user);
  return {
    code: 'cache-permission-denied',
    severity: 'error',
    title: `what is cached of ${nameOf(subject)} cannot be read`,
    proof: entry === undefined ? 'reading it is refused' : `it belongs to user ${entry.owner}`,
    file: place,
    module: subject.module,
    remove: [],
    makeReadable: isOurs ? [place] : [],
    behaviour: 'go stops with "permission denied".',
    goMends: false,
    confidence: 1,
  };
}

function partialDamages(subject: Subject): readonly Damage[] {
  if (!subject.files.kinds.has('partial')) return [];
  const file = fileOf(subject, 'partial');
  return [
    {
      code: 'cache-corrupt',
      severity: 'warning',
      title: `${nameOf(subject)} was never unpacked to its end`,
      proof: 'the marker of unpacking stands, and nobody holds the lock',
      file,
      module: subject.module,
      remove: [subject.unpacked, file],
      behaviour: 'go removes the half-unpacked directory and unpacks the zip again.',
      goMends: true,
      confidence: 1,
    },
  ];
}

async function leftoverDamages(subject: Subject): Promise<readonly Damage[]> {
  const { needs, root, folder, files } = subject;
  const damages: Damage[] = [];
  for (const name of files.leftovers) {
    const file = `${folder}/${name}`;
    const entry = await needs.tree.look(join(root, file));
    if (entry === undefined) continue;
    const age = needs.clock.epochMilliseconds() - entry.modifiedMilliseconds;
    if (age < LEFTOVER_MILLISECONDS) continue;
    damages.push({
      code: 'cache-corrupt',
      severity: 'warning',
      title: `a download of ${nameOf(subject)} was left unfinished`,
      proof: `a temporary file of ${entry.size} bytes that nobody has written to for a while`,
      file,
      module: subject.module,
      remove: [file],
      behaviour: 'It only takes space; go removes temporary zips when it fetches that version.',
      goMends: false,
      confidence: 1,
    });
  }
  return damages;
}
