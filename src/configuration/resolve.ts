import { isAbsolute, resolve } from 'node:path';
import { quote } from './parsed.ts';
import type { Setting, Surroundings } from './setting.ts';
import { settings, type Values } from './settings.ts';
import { configurationError, type Written } from './source.ts';

export interface Resolved {
  readonly values: Values;
  /** Where each value comes from; `default` where nobody wrote one. */
  readonly origins: Readonly<Record<keyof Values, string>>;
}

/** `written` goes from the strongest source to the weakest: the first that names a setting counts. */
export function resolveSettings(written: readonly Written[], surroundings: Surroundings): Resolved {
  const problems: string[] = [];
  const values = new Map<string, unknown>();
  const origins = new Map<string, string>();

  function read(name: keyof Values): void {
    const setting: Setting<unknown> = settings[name];
    const source = written.find((one) => one.name === name);
    if (source === undefined) {
      values.set(name, setting.defaultValue(surroundings));
      origins.set(name, 'default');
      return;
    }
    origins.set(name, source.origin);
    const outcome = setting.schema.safeParse(
      source.values.map((text) => absolute(name, text, source)),
    );
    if (outcome.success) {
      values.set(name, outcome.data);
      return;
    }
    const shown = source.values.map(quote).join(', ');
    for (const issue of outcome.error.issues) {
      problems.push(`${source.origin}: ${shown} ${issue.message}`);
    }
  }

  for (const name of Object.keys(settings) as (keyof Values)[]) read(name);
  if (problems.length > 0) throw configurationError(problems);
  const resolved = {
    values: Object.fromEntries(values) as unknown as Values,
    origins: Object.fromEntries(origins) as Record<keyof Values, string>,
  };
  checkTogether(resolved);
  return resolved;
}

function absolute(name: keyof Values, text: string, source: Written): string {
  if (settings[name].isPath?.(text) !== true || isAbsolute(text)) return text;
  return resolve(source.directory, text);
}

/** What no setting can see alone. */
function checkTogether({ values, origins }: Resolved): void {
  if (values.tlsCert !== undefined && values.tlsKey === undefined) {
    throw configurationError(
      [`${origins.tlsCert}: there is a certificate but no private key`],
      'give both --tls-cert and --tls-key, or neither',
    );
  }
  if (values.tlsKey !== undefined && values.tlsCert === undefined) {
    throw configurationError(
      [`${origins.tlsKey}: there is a private key but no certificate`],
      'give both --tls-cert and --tls-key, or neither',
    );
  }
}
