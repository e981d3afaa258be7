import { parseUpstreamList } from '../proxy/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { Values } from './settings.ts';

/** Settings that are promised but not built: naming one is an error rather than silence. */
const notBuilt: readonly {
  readonly name: keyof Values;
  readonly isMeant: (values: Values) => boolean;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    name: 'store',
    isMeant: (values) => isUrl(values.store),
    what: 'a store that is not a directory',
    hint: 'name a directory',
  },
  {
    name: 'database',
    isMeant: (values) => isUrl(values.database ?? ''),
    what: 'a database that is not a file',
    hint: 'name a file, or leave it out',
  },
  {
    name: 'upstream',
    isMeant: (values) => endsDirect(values.upstream),
    what: 'asking version control directly (direct)',
    hint: 'end the list without direct; the go command can do that part: GOPROXY=<cofferdam>,direct',
  },
  {
    name: 'privateUpstream',
    isMeant: (values) => endsDirect(values.privateUpstream ?? 'off'),
    what: 'asking version control directly (direct)',
    hint: 'end the list without direct and set GONOPROXY where you build',
  },
];

export function refuseNotBuilt(
  values: Values,
  origins: Readonly<Record<keyof Values, string>>,
): void {
  for (const { name, isMeant, what, hint } of notBuilt) {
    if (!isMeant(values)) continue;
    throw new ProgramError({
      code: 'not-built-yet',
      kind: 'bad-input',
      message: `${origins[name]}: ${what} is not built yet`,
      hint,
    });
  }
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function endsDirect(list: string): boolean {
  return parseUpstreamList(list).end === 'direct';
}
