// The simplest server that Node's own HTTP module can be: a tree of files answered from memory.
// `npm run bench` measures hits against it; its first line on stdout is its address.
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [tree = '.'] = process.argv.slice(2);
const files = new Map(
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(tree.length), readFileSync(path)] as const;
    }),
);

const server = createServer({ noDelay: true, keepAliveTimeout: 120_000 }, (request, reply) => {
  const body = files.get(request.url ?? '');
  if (body === undefined) {
    reply.writeHead(404, ['Content-Length', '0']).end();
    return;
  }
  reply.writeHead(200, [
    'Content-Type',
    'application/octet-stream',
    'Content-Length',
    String(body.length),
  ]);
  reply.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
