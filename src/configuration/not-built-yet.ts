import { parseUpstreamList } from '../proxy/index.ts';
import type { Values } from './settings.ts';
import { problemNotBuilt, type Problem } from './source.ts';

/** Settings that are promised but not built: naming one is an error rather than silence. */
const notBuilt: readonly {
  readonly name: 'store' | 'database' | 'upstream' | 'privateUpstream';
  readonly isMeant: (value: string) => boolean;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    name: 'store',
    isMeant: isUrl,
    what: 'a store that is not a directory',
    hint: 'name a directory',
  },
  {
    name: 'database',
    isMeant: isUrl,
    what: 'a database that is not a file',
    hint: 'name a file, or leave it out',
  },
  {
    name: 'upstream',
    isMeant: endsDirect,
    what: 'asking version control directly (direct)',
    hint: 'end the list without direct; the go command can do that part: GOPROXY=<cofferdam>,direct',
  },
  {
    name: 'privateUpstream',
    isMeant: endsDirect,
    what: 'asking version control directly (direct)',
    hint: 'end the list without direct and set GONOPROXY where you build',
  },
];

export function findNotBuilt(
  values: Partial<Values>,
  origins: Readonly<Record<keyof Values, string>>,
): readonly Problem[] {
  return notBuilt
    .filter(({ name, isMeant }) => {
      const value = values[name];
      return typeof value === 'string' && origins[name] !== 'default' && isMeant(value);
    })
    .map(({ name, what, hint }) => problemNotBuilt(origins[name], what, hint));
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function endsDirect(list: string): boolean {
  return parseUpstreamList(list).end === 'direct';
}
