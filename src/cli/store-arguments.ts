import type { StoreCare } from '../proxy/index.ts';
import { usageError } from './usage-error.ts';

type PurgeWish = Parameters<StoreCare['purge']>[0];

/** `MODULE[@VERSION]` and the flags of `store purge`. */
export function readPurge(
  module: string,
  options: Readonly<Record<string, unknown>>,
): Omit<PurgeWish, 'dryRun'> {
  const reason = String(options['reason']).trim();
  if (reason === '') {
    throw usageError('--reason is empty', 'say in a few words why, for whoever reads the journal');
  }
  if (options['block'] === true && options['lift'] === true) {
    throw usageError('--block and --lift contradict each other', 'give one of them');
  }
  const mode = options['block'] === true ? 'block' : options['lift'] === true ? 'lift' : 'forget';
  const [path = '', version, ...more] = module.split('@');
  if (version === '' || more.length > 0) {
    throw usageError(
      `${JSON.stringify(module)} is no MODULE@VERSION`,
      'write it as in go.mod with an @ between, such as m.example.com/x@v1.2.3',
    );
  }
  return { path, ...(version === undefined ? {} : { version }), reason, mode };
}
