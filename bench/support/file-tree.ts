import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createModuleMaker } from '../../src/drills/index.ts';
import type { ModuleSpecification } from '../../src/drills/index.ts';

/** Writes modules as a `GOPROXY=file://` tree: the files that the origin would serve. */
export async function writeFileTree(
  modules: readonly ModuleSpecification[],
  tree: string,
): Promise<void> {
  const make = createModuleMaker();
  for (const specification of modules) {
    const module = make(specification);
    const folder = join(tree, module.path, '@v');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${module.version}.info`), module.info);
    await writeFile(join(folder, `${module.version}.mod`), module.goMod);
    const { body } = module.zip();
    const file = createWriteStream(join(folder, `${module.version}.zip`));
    await pipeline(Readable.from(body.pieces(0, body.length)), file);
  }
}
