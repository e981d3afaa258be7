// How wrong answers of a module proxy are planted.
import type { Planted, Scenario } from '../scenario.ts';
import { makeModule } from '../world/module-files.ts';
import type { LabModule } from '../world/module-files.ts';
import { LOGIN_PAGE, moduleProxy, send } from '../world/module-proxy.ts';
import type { Override } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';
import { DOWNLOAD } from './common.ts';
import { anyProxy, asking } from './network.ts';

export type Bad = (world: World, made: ReturnType<typeof makeModule>) => Override;

export const MODERN = ['1.22.12', '1.24.9', 'local', '1.27.3'] as const;

export function theModule({ names }: World): LabModule {
  return { path: names.module(0), version: names.version(0) };
}

/** A proxy that knows the module and says something wrong about it. */
export function bad(
  id: string,
  name: string,
  evidence: RegExp,
  override: Bad,
  more: Partial<Planted> & { host?: string; go?: Scenario['go'] } = {},
): Scenario {
  const { host: fixed, go, ...planted } = more;
  return {
    id,
    name,
    ...(go === undefined ? {} : { go }),
    plant: async (world) => {
      const host = fixed === 'company' ? world.names.host('proxy') : (fixed ?? anyProxy(world));
      const module = theModule(world);
      await world.web(host, moduleProxy([module], override(world, makeModule(module))));
      return asking(world.names, host, evidence, { target: module.path, ...planted });
    },
  };
}

export function status(
  code: number,
  body: string | undefined,
  kinds: readonly string[] = [''],
): Bad {
  return () => (path, _, response) => {
    if (!kinds.some((kind) => path.endsWith(kind))) return false;
    send(
      response,
      code,
      body ?? LOGIN_PAGE,
      body === undefined ? 'text/html' : 'text/plain; charset=utf-8',
    );
    return true;
  };
}

export function body(
  kind: string,
  make: (world: World, made: ReturnType<typeof makeModule>) => string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Bad {
  return (world, made) => (path, _, response) => {
    if (!path.endsWith(kind)) return false;
    response.writeHead(200, headers).end(make(world, made));
    return true;
  };
}

export const ZIP_COMMANDS: { readonly command: string } = { command: DOWNLOAD };
