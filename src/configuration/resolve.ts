import { isAbsolute, resolve } from 'node:path';
import { isProgramError } from '../platform/index.ts';
import { quote } from './parsed.ts';
import type { Setting, Surroundings } from './setting.ts';
import { settings, type Values } from './settings.ts';
import { problem, type Problem, type Written } from './source.ts';

export interface Resolved {
  /** Where there are problems, some are missing. */
  readonly values: Values;
  /** Where each value comes from; `default` where nobody wrote one. */
  readonly origins: Readonly<Record<keyof Values, string>>;
  readonly problems: readonly Problem[];
}

/** `written` goes from the strongest source to the weakest: the first that names a setting counts. */
export function resolveSettings(written: readonly Written[], surroundings: Surroundings): Resolved {
  const problems: Problem[] = [];
  const values = new Map<string, unknown>();
  const origins = new Map<string, string>();

  function read(name: keyof Values): void {
    const setting: Setting<unknown> = settings[name];
    const source = written.find((one) => one.name === name);
    origins.set(name, source?.origin ?? 'default');
    if (source === undefined) {
      readDefault(name, setting);
      return;
    }
    const outcome = setting.schema.safeParse(
      source.values.map((text) => absolute(name, text, source)),
    );
    if (outcome.success) {
      values.set(name, outcome.data);
      return;
    }
    const shown = source.values.map(quote).join(', ');
    const hint = `write ${setting.placeholder ?? 'true or false'}: ${setting.description}`;
    for (const issue of outcome.error.issues) {
      problems.push(problem(source.origin, `${shown} ${issue.message}`, hint));
    }
  }

  function readDefault(name: keyof Values, setting: Setting<unknown>): void {
    try {
      values.set(name, setting.defaultValue(surroundings));
    } catch (error) {
      if (!isProgramError(error)) throw error;
      const { code, message, hint = '' } = error;
      problems.push({ code, where: name, message, hint });
    }
  }

  for (const name of Object.keys(settings) as (keyof Values)[]) read(name);
  return {
    values: Object.fromEntries(values) as unknown as Values,
    origins: Object.fromEntries(origins) as Record<keyof Values, string>,
    problems,
  };
}

function absolute(name: keyof Values, text: string, source: Written): string {
  if (settings[name].isPath?.(text) !== true || isAbsolute(text)) return text;
  return resolve(source.directory, text);
}

/** What no setting can see alone. */
export function findDisagreeing({ origins }: Resolved): readonly Problem[] {
  const hint = 'give both --tls-cert and --tls-key, or neither';
  const hasCertificate = origins.tlsCert !== 'default';
  const hasKey = origins.tlsKey !== 'default';
  if (hasCertificate === hasKey) return [];
  return hasCertificate
    ? [problem(origins.tlsCert, 'there is a certificate but no private key', hint)]
    : [problem(origins.tlsKey, 'there is a private key but no certificate', hint)];
}
