import { compareVersions } from '../../gomod/version/index.ts';
import type { ArtifactKind } from '../protocol/index.ts';
import { baseOf } from './guess.ts';
import type { AskedFile, Guess, WindowName } from './guess.ts';
import { createLane } from './lane.ts';
import type { Requirement, Requirements } from './requirements.ts';
import { createWindow } from './window.ts';
import type { Window, WindowSettings } from './window.ts';

/** A module version as go.sum names it. */
export interface ExpectedModule {
  readonly path: string;
  readonly version: string;
  /** What of it is expected: its go.mod alone, or the module itself. */
  readonly kind: 'mod' | 'zip';
}

/** What one client asked, and what it will ask next if it is a `go` command. */
export interface ClientView {
  readonly windows: Readonly<Record<WindowName, Window>>;
  /** The client asked for this file; `isNew`: it was not in the store. */
  asked(file: AskedFile, isNew: boolean): void;
  /** The go.mod of a module came in, for this client. */
  arrived(module: { readonly path: string; readonly version: string }, read: Requirements): void;
  /** `isAll`: it will certainly ask all of them. */
  expect(modules: readonly ExpectedModule[], isAll: boolean): void;
  /** The likeliest guess for which there is room. */
  next(): Guess | undefined;
  /** The client begins anew: what it asked before says nothing any more. */
  forget(): void;
}

export type WindowsSettings = Readonly<Record<WindowName, WindowSettings>> & {
  /** Room for what a go.sum names, as soon as the client has shown that it reads all of it. */
  readonly known: Readonly<Record<ArtifactKind, number>>;
};

/**
 * `graph`: it reads go.mod files; `download`: it asks `.info` before the zip, as `go mod download` does;
 * `packages`: it asks zips first, as `go build` does for each module that it needs.
 */
type Work = 'unknown' | 'graph' | 'download' | 'packages';

const LANE_WINDOWS: Readonly<Partial<Record<string, WindowName>>> = {
  prunedMods: 'prunedMod',
  importedZips: 'importedZip',
};

/** The largest graphs in use have some thousand modules; beyond this a client is no build. */
const MAXIMUM_MODULES = 20_000;
/** How far ahead of the file asked last the sorted list is laid out; the windows decide what is fetched. */
const REACH = 256;
/** 60 MB and more, and `go` takes one for its own machine only (P-80). */
const TOOLCHAIN = 'golang.org/toolchain';

interface Selected {
  readonly version: string;
  /** Escaped path and version, as in a key. */
  readonly base: string;
  /** The store did not have its go.mod, so it will not have the rest: nobody needs to look. */
  readonly isNew: boolean;
}

/**
 * `go` first reads the go.mod files of the whole graph (https://go.dev/ref/mod#minimal-version-selection),
 * breadth first. What it then selects is the highest version of each path, and `go mod download` asks
 * `.info` and `.zip` of those, sorted by path; a build asks the zips that its imports need.
 */
export function createClientView(settings: WindowsSettings): ClientView {
  const windows = {
    mod: createWindow(settings.mod),
    prunedMod: createWindow(settings.prunedMod),
    info: createWindow(settings.info),
    zip: createWindow(settings.zip),
    importedZip: createWindow(settings.importedZip),
  };
  const lanes = {
    companions: createLane(REACH),
    mods: createLane(MAXIMUM_MODULES),
    infos: createLane(MAXIMUM_MODULES),
    importedZips: createLane(REACH),
    zips: createLane(MAXIMUM_MODULES),
    prunedMods: createLane(MAXIMUM_MODULES),
  };
  const order = Object.values(lanes);
  const selected = new Map<string, Selected>();
  /** Paths that a module's own packages import from. */
  const imports = new Map<string, readonly string[]>();
  /** What go.mod files with pruning require that were fetched ahead, until the client asks for them. */
  const heldBack = new Map<string, readonly Requirement[]>();
  /** Module versions whose go.mod was guessed, and keys of all files that were asked or guessed. */
  const guessedModules = new Set<string>();
  const seen = new Map<string, 'asked' | 'guessed'>();
  let sorted: readonly string[] = [];
  let isSorted = true;
  let cursor = 0;
  /** What the client does, as far as what it asked shows it. */
  let work: Work = 'unknown';
  /** Whoever asks zips and nothing else copies files, or measures us; it is not followed by more. */
  let asksSmallFiles = false;

  function forget(): void {
    for (const lane of order) {
      lane.clear();
    }
    for (const known of [selected, imports, heldBack, guessedModules, seen]) {
      known.clear();
    }
    sorted = [];
    isSorted = true;
    cursor = 0;
    work = 'unknown';
    asksSmallFiles = false;
  }

  function isAsked({ base }: Selected, kind: ArtifactKind): boolean {
    return seen.get(`${base}.${kind}`) === 'asked';
  }

  /** The lists of go.sum are right as soon as it is known for what they are read. */
  function begin(next: Exclude<Work, 'unknown'>): void {
    if (work === next || work === 'download') {
      return;
    }
    work = next;
    if (next === 'packages') {
      // Which modules those are, go.sum does not say; what each of them imports from says more.
      for (const lane of [lanes.mods, lanes.infos, lanes.zips, lanes.prunedMods]) {
        for (const { key } of lane.clear()) {
          if (seen.get(key) === 'guessed') seen.delete(key);
        }
      }
      guessedModules.clear();
      return;
    }
    windows.mod.widen(settings.known.mod);
    if (next === 'download') {
      windows.info.widen(settings.known.info);
      windows.zip.widen(settings.known.zip);
    }
  }

  function guess(lane: keyof typeof lanes, kind: ArtifactKind, path: string, at: Selected): void {
    const { base, version, isNew } = at;
    const window = LANE_WINDOWS[lane] ?? kind;
    const file = { key: `${base}.${kind}`, kind, path, version, isNew, window } as const;
    if (!seen.has(file.key)) {
      seen.set(file.key, 'guessed');
      lanes[lane].push(file);
    }
  }

  function guessMod(lane: 'mods' | 'prunedMods', path: string, version: string): void {
    const module = `${path}@${version}`;
    if (guessedModules.has(module) || path === TOOLCHAIN) {
      return;
    }
    guessedModules.add(module);
    const base = baseOf(path, version);
    if (base !== undefined) {
      guess(lane, 'mod', path, { version, base, isNew: false });
    }
  }

  function select(path: string, at: Selected): void {
    const before = selected.get(path);
    if (before === undefined || compareVersions(before.version, at.version) < 0) {
      selected.set(path, at);
      isSorted &&= before !== undefined;
    }
  }

  /** `go mod download` goes through its build list in the order of paths. */
  function followList(path: string): void {
    if (!isSorted) {
      sorted = [...selected.keys()].sort();
      isSorted = true;
      cursor = 0;
    }
    const place = placeOf(sorted, path);
    if (place < cursor - 2 * REACH) {
      cursor = place;
    }
    cursor = Math.max(cursor, place + 1);
    const end = Math.min(sorted.length, place + 1 + REACH);
    for (; cursor < end; cursor += 1) {
      const next = sorted[cursor] ?? '';
      const at = selected.get(next);
      if (at !== undefined) {
        guess('infos', 'info', next, at);
        guess('zips', 'zip', next, at);
      }
    }
  }

  /** Below a pruned go.mod only what is newer than all so far can be selected. */
  function guessNewer(list: readonly Requirement[]): void {
    for (const { path, version } of list) {
      const known = selected.get(path)?.version;
      if (known === undefined || compareVersions(known, version) < 0) {
        guessMod('prunedMods', path, version);
      }
    }
  }

  /** A build that needs a package of this module mostly needs some of what the module imports from. */
  function followImports(path: string): void {
    for (const imported of imports.get(path) ?? []) {
      const at = selected.get(imported);
      if (at !== undefined) {
        guess('importedZips', 'zip', imported, at);
      }
    }
  }

  function askedMod(path: string, at: Selected): void {
    const module = `${path}@${at.version}`;
    guessedModules.add(module);
    select(path, at);
    // Behind its zip it is read for what go.sum says of it, and nothing that it requires is.
    if (!isAsked(at, 'zip')) {
      if (work === 'unknown') begin('graph');
      guessNewer(heldBack.get(module) ?? []);
    }
    heldBack.delete(module);
  }

  return {
    windows,
    forget,
    asked(file, isNew) {
      if (seen.size > MAXIMUM_MODULES * 3) {
        forget();
      }
      seen.set(file.key, 'asked');
      const { path, version, kind } = file;
      const at = { version, base: file.key.slice(0, file.key.lastIndexOf('.')), isNew };
      asksSmallFiles ||= kind !== 'zip';
      if (kind === 'mod') {
        askedMod(path, at);
        return;
      }
      if (kind === 'info' && !isAsked(at, 'zip')) {
        begin('download');
        guess('companions', 'zip', path, at);
        guess('mods', 'mod', path, at);
      } else if (kind === 'zip' && !isAsked(at, 'info')) {
        if (work !== 'download') begin('packages');
        // A build asks both after each zip.
        if (asksSmallFiles) {
          guess('companions', 'mod', path, at);
          guess('companions', 'info', path, at);
        }
      }
      if (work === 'download') {
        followList(path);
      } else {
        followImports(path);
      }
    },
    arrived({ path, version }, { list, isPruned }) {
      const newest = selected.get(path)?.version;
      if (newest === undefined || compareVersions(newest, version) <= 0) {
        imports.set(
          path,
          list.filter(({ indirect }) => !indirect).map((required) => required.path),
        );
      }
      const base = baseOf(path, version) ?? '';
      if (seen.get(`${base}.zip`) === 'asked' && work !== 'download') {
        followImports(path);
        return;
      }
      if (isPruned) {
        // One guess does not lead to the next: what nobody asks, nobody follows.
        if (seen.get(`${base}.mod`) === 'asked') guessNewer(list);
        else heldBack.set(`${path}@${version}`, list);
        return;
      }
      for (const required of list) {
        guessMod('mods', required.path, required.version);
      }
    },
    expect(modules, isAll) {
      if (isAll) begin('download');
      asksSmallFiles ||= modules.length > 0;
      const whole = new Set(
        modules.flatMap(({ path, version, kind }) =>
          kind === 'zip' ? [`${path}@${version}`] : [],
        ),
      );
      for (const { path, version, kind } of modules) {
        if (kind === 'mod') {
          // Of what is not used itself it is read with graph pruning as seldom as any other such.
          guessMod(whole.has(`${path}@${version}`) ? 'mods' : 'prunedMods', path, version);
          continue;
        }
        const base = path === TOOLCHAIN ? undefined : baseOf(path, version);
        if (base !== undefined) {
          const at = { version, base, isNew: false };
          select(path, at);
          guess('infos', 'info', path, at);
          guess('zips', 'zip', path, at);
        }
      }
    },
    next() {
      for (const lane of order) {
        let first = lane.first();
        while (first !== undefined && seen.get(first.key) === 'asked') {
          lane.shift();
          first = lane.first();
        }
        if (first !== undefined && windows[first.window].hasRoom) {
          lane.shift();
          return first;
        }
      }
      return undefined;
    },
  };
}

/** Where the path stands in the sorted list, or would stand. */
function placeOf(sorted: readonly string[], path: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < path) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
