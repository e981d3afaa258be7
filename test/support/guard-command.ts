import { fileURLToPath } from 'node:url';

/**
 * `cofferdam run` as people start it, which is several times faster than from source; or another program,
 * a bundle among them.
 */
export function guardCommand(program: string | undefined): readonly string[] {
  if (program === undefined) {
    return [fileURLToPath(new URL('../../bin/cofferdam', import.meta.url)), 'run'];
  }
  const isScript = /\.[mc]?[jt]s$/u.test(program);
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  return [...(isScript ? node : []), program, 'run'];
}
