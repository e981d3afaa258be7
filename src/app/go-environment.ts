import type { Surroundings } from '../go-environment/index.ts';
import { explainedNames } from '../go-environment/index.ts';
import { parseModfile } from '../gomod/modfile/index.ts';
import { readEffectiveSettings } from '../gosettings/index.ts';
import type { ProgramContext } from './program-context.ts';

/** A go.mod of a thousand requirements has 100 KB. */
const GO_MOD_BYTES = 16 * 1024 * 1024;

/** `cofferdam env`: the Go settings of the directory and environment of the program. */
export async function readGoEnvironment(context: ProgramContext): Promise<Surroundings> {
  const { files, directory, environment } = context;
  const { signal } = new AbortController();
  const settings = await readEffectiveSettings(
    context,
    directory,
    environment,
    signal,
    explainedNames,
  );
  const file = settings.values.get('GOMOD') ?? '';
  if (!file.endsWith('.mod')) return { settings, goMod: undefined };
  const bytes = await files.readWhole(file, GO_MOD_BYTES).catch(() => undefined);
  const parsed = parseModfile(file, bytes?.toString('utf8') ?? '');
  const { go, toolchain } = parsed.ok ? parsed.value : { go: undefined, toolchain: undefined };
  return { settings, goMod: { file, go: go?.version, toolchain: toolchain?.name } };
}
