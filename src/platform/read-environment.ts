import type { Environment } from './environment.ts';

/** A copy made now: later changes of the source do not show. */
export function readEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined) variables.set(name, value);
  }
  return {
    get: (name) => variables.get(name),
    all: () => Object.fromEntries(variables),
  };
}
