import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import type { GoVersion, Planted } from '../scenario.ts';
import { createRepository, gitHost } from '../world/git-host.ts';
import { packageName } from '../world/module-files.ts';
import type { LabModule } from '../world/module-files.ts';
import { moduleProxy } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';

/** What is different once a fault is mended; the rest stays as it was planted. */
export interface Change extends Partial<Omit<Planted, 'evidence'>> {
  /** Typed before the same command. */
  readonly typed?: string;
  /** Another Go than the one that failed. */
  readonly go?: GoVersion;
}

/** The fix of one scenario, as its page has it. */
export interface Fix {
  /** Of the scenario. */
  readonly name: string;
  /** What was done, in words that stand on the page. */
  readonly how: string;
  apply(world: World, planted: Planted): Change | Promise<Change>;
}

/** By id of the catalogue. */
export type Fixes = Readonly<Record<string, Fix>>;

export function fix(name: string, how: string, apply: Fix['apply']): Fix {
  return { name, how, apply };
}

export const MIRROR = 'https://proxy.golang.org';

export function theModule({ names }: World): LabModule {
  return { path: names.module(0), version: names.version(0) };
}

/** The host that the build asks for modules. */
export function askedHost({ env = {} }: Planted): string {
  return new URL(env['GOPROXY']?.split(/[,|]/)[0] ?? MIRROR).hostname;
}

/** A sound proxy under a name of its own. */
export async function soundProxy(
  world: World,
  modules: readonly LabModule[] = [theModule(world)],
): Promise<string> {
  const host = `sound-proxy.${world.names.domain}`;
  await world.web(host, moduleProxy(modules));
  return `https://${host}`;
}

/** The same proxy, which now does what it should. */
export function again(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => {
    await world.web(askedHost(planted), moduleProxy([theModule(world)]));
    return {};
  });
}

/** Another proxy in the place of the one that fails. */
export function otherProxy(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => ({
    env: { ...planted.env, GOPROXY: await soundProxy(world) },
  }));
}

/** A proxy where the host of the code was asked. */
export function throughProxy(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => {
    const [, path = '', version = ''] =
      /require \(?\s*(\S+) (v\S+)/.exec(planted.files?.['go.mod'] ?? '') ?? [];
    const proxy = await soundProxy(world, [{ path, version }]);
    return { env: { ...planted.env, GOPROXY: `${proxy},direct` } };
  });
}

/** The code host has the repository; with `token`, for those who show it. */
export async function codeHost(
  world: World,
  token?: string,
  unknownAuthority = false,
): Promise<void> {
  const { path, version } = theModule(world);
  const name = packageName(path);
  createRepository(world.scratch, path.replace('github.com/', ''), [
    {
      tag: version,
      files: {
        'go.mod': `module ${path}\n\ngo 1.15\n`,
        [`${name}.go`]: `package ${name}\n\n// Name says who.\nfunc Name() string { return "${name}" }\n`,
      },
    },
  ]);
  const host = gitHost(world.scratch);
  await world.web(
    'github.com',
    token === undefined ? host : guarded(host, token),
    unknownAuthority ? await world.certificates.unknown('github.com') : undefined,
  );
}

/** Answers those who show the token as a password. */
export function guarded(listener: RequestListener, token: string): RequestListener {
  return (request, response) => {
    const shown = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
    if (shown.endsWith(`:${token}`)) listener(request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('who is it?');
  };
}

/** A forward proxy that opens tunnels to one address; with `password`, for those who show it. */
export async function forwardProxy(
  world: World,
  host: string,
  target: string,
  password?: string,
): Promise<void> {
  const server = createServer();
  server.on('connect', (request: { headers: NodeJS.Dict<string | string[]> }, socket: Duplex) => {
    const shown = Buffer.from(String(request.headers['proxy-authorization']).slice(6), 'base64');
    socket.on('error', () => socket.destroy());
    if (password !== undefined && !shown.toString().endsWith(`:${password}`)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const there = connect(443, target, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket);
      socket.pipe(there);
    });
    there.on('error', () => socket.destroy());
  });
  const site = await world.sites.listen(world.address(true), 3128, server);
  world.dns.set(host, { a: site.address });
}

/** The certificate of the authority that inspects. */
export function inspectionRoot(world: World): string {
  return readFileSync(join(world.scratch, '..', 'other', 'authority.pem'), 'utf8');
}

/** Where a company's root goes in an image. */
export const ROOT_FILE = '/etc/corp-root.crt';
export const TRUST_IT: string = `cat ${ROOT_FILE} >>/etc/ssl/certs/ca-certificates.crt`;

/** Files of the repository as they should have been. */
export function files(
  name: string,
  how: string,
  right: (world: World, planted: Planted) => Readonly<Record<string, string>>,
  typed?: string,
  modules?: (world: World) => readonly LabModule[],
): Fix {
  return fix(name, how, async (world, planted) => {
    await world.mirror(modules?.(world) ?? [theModule(world)]);
    return {
      files: { ...planted.files, ...right(world, planted) },
      ...(typed === undefined ? {} : { typed }),
    };
  });
}

/** Something typed, with a sound mirror behind it. */
export function typed(
  name: string,
  how: string,
  command: string | ((world: World, planted: Planted) => string),
  modules?: (world: World) => readonly LabModule[],
): Fix {
  return fix(name, how, async (world, planted) => {
    await world.mirror(modules?.(world) ?? [theModule(world)]);
    return { typed: typeof command === 'string' ? command : command(world, planted) };
  });
}

/** Other variables in the environment. */
export function settings(
  name: string,
  how: string,
  right: (world: World, planted: Planted) => Readonly<Record<string, string | undefined>>,
): Fix {
  return fix(name, how, (world, planted) => ({
    env: { ...planted.env, ...right(world, planted) },
  }));
}
