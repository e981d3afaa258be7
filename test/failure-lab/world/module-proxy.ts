import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { makeModule } from './module-files.ts';
import type { LabModule } from './module-files.ts';

/** Says something else than the truth; false lets the truth through. */
export type Override = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

/** What a module proxy with these modules says of a path; undefined where it knows nothing. */
export function makeAnswers(
  modules: readonly LabModule[],
): (path: string) => Buffer | string | undefined {
  const made = modules.map(makeModule);
  return (path) => {
    const [, escaped = '', wanted = ''] = /^\/?(.*)\/@(?:v\/(.*)|latest)$/u.exec(path) ?? [];
    const name = escaped.replaceAll(/!([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    const versions = made.filter((one) => one.path === name);
    if (path.endsWith('/@latest')) return versions.at(-1)?.info;
    if (wanted === 'list') return versions.map((one) => `${one.version}\n`).join('') || undefined;
    const found = versions.find(
      (one) => one.version === wanted.replace(/\.(?:info|mod|zip)$/u, ''),
    );
    if (wanted.endsWith('.mod')) return found?.goMod;
    return wanted.endsWith('.zip') ? found?.zip : found?.info;
  };
}

/** A module proxy that knows these modules. `override` is asked first. */
export function moduleProxy(modules: readonly LabModule[], override?: Override): RequestListener {
  const answers = makeAnswers(modules);
  return (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    if (override?.(path, request, response) === true) return;
    const answer = answers(path);
    if (answer === undefined) send(response, 404, notFound(path));
    else response.end(answer);
  };
}

function notFound(path: string): string {
  const [, name = '', version] = /^\/?(.*)\/@(?:v\/(.*)\.\w+|.*)$/u.exec(path) ?? [];
  return version === undefined
    ? `not found: module ${name}: no matching versions for query "latest"`
    : `not found: ${name}@${version}: invalid version: unknown revision ${version}`;
}

export function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=UTF-8',
): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** A page as captive portals and log-in walls send it. */
export const LOGIN_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action="/login"></form></body></html>\n';
