import { createOrigin } from '../../../src/drills/index.ts';
import { createSystemClock } from '../../../src/platform/adapters.ts';
import type { MadeModule } from './module-files.ts';
import type { World } from './world.ts';

export interface LabDatabase {
  /** As GOSUMDB takes it. */
  readonly key: string;
  /** What it says of `lookup/…`, `tile/…`, `latest`. */
  answer(path: string): Buffer | undefined;
}

/** A signed checksum database called `name` that has recorded these modules. */
export async function createDatabase(
  world: World,
  name: string,
  modules: readonly MadeModule[],
): Promise<LabDatabase> {
  const origin = await createOrigin({ clock: createSystemClock() }, { checksumDatabase: name });
  world.atEnd(async () => origin.close());
  const { database } = origin;
  if (database === undefined) throw new Error('the origin has no checksum database');
  for (const { path, version, sum } of modules) database.add({ path, version }, sum);
  database.grow(20);
  return { key: database.key, answer: (path) => database.answer(path) };
}
