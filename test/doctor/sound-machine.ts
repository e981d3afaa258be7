import { createDatabase } from '../failure-lab/world/checksum-database.ts';
import { createRepository, gitHost } from '../failure-lab/world/git-host.ts';
import { makeModule } from '../failure-lab/world/module-files.ts';
import { moduleProxy } from '../failure-lab/world/module-proxy.ts';
import type { World } from '../failure-lab/world/world.ts';
import type { LivePlanted } from './live-causes.ts';

const DATABASE = 'sum.golang.org';

/** A resolver, a mirror that relays its database, a git host with a private module: all as they should be. */
export async function plantSound(world: World): Promise<LivePlanted> {
  const { names } = world;
  const module = { path: names.module(0), version: names.version(0) };
  const made = makeModule(module);
  const sums = await createDatabase(world, DATABASE, [made]);
  const relay = `/sumdb/${DATABASE}/`;
  await world.mirror([module], (path, _request, response) => {
    if (!path.startsWith(relay)) return false;
    const answer = path === `${relay}supported` ? '' : sums.answer(path.slice(relay.length));
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
    return true;
  });
  await world.web(DATABASE, moduleProxy([]));
  const host = names.host('git');
  createRepository(world.scratch, 'team/lib', [
    { files: { 'go.mod': `module ${host}/team/lib.git\n` }, tag: 'v1.0.0' },
  ]);
  await world.web(host, gitHost(world.scratch));
  return {
    files: {
      'go.mod': `module ${names.main}\n\ngo 1.21\n\nrequire (\n\t${module.path} ${module.version}\n\t${host}/team/lib.git v1.0.0\n)\n`,
      'go.sum': made.sum,
      'main.go': 'package main\n\nfunc main() {}\n',
    },
    env: { GOPROXY: undefined, GOSUMDB: sums.key, GOPRIVATE: host },
  };
}
