import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultRule } from './faults.ts';
import type { NetworkSettings, Origin } from './origin-settings.ts';
import type { ModuleSpecification } from './synthetic-module.ts';

const PREFIX = '/-/origin/';
/** A graph of ten thousand modules fits. */
const MAXIMUM_BODY_BYTES = 16 << 20;

/** `/-/` cannot start a module path, so these never hide one. */
export function isControlPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/**
 * GET counts; POST reset; PUT network, faults; POST modules. Bodies are JSON in the shapes of
 * `NetworkSettings`, `FaultRule[]` and `ModuleSpecification[]`. Loopback and tests only, hence no
 * further checks.
 */
export async function answerControl(
  origin: Pick<
    Origin,
    'counts' | 'resetCounts' | 'setNetwork' | 'setFaults' | 'addModules' | 'database'
  >,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method ?? ''} ${(request.url ?? '').slice(PREFIX.length)}`;
  const body = await readBody(request);
  response.setHeader('content-type', 'application/json');
  switch (asked) {
    case 'GET counts':
      response.end(`${JSON.stringify(origin.counts())}\n`);
      return;
    case 'GET database':
      response.end(
        `${JSON.stringify({ key: origin.database?.key, size: origin.database?.size })}\n`,
      );
      return;
    case 'POST reset':
      origin.resetCounts();
      break;
    case 'PUT network':
      origin.setNetwork(JSON.parse(body) as NetworkSettings);
      break;
    case 'PUT faults':
      origin.setFaults(JSON.parse(body) as readonly FaultRule[]);
      break;
    case 'POST modules':
      origin.addModules(JSON.parse(body) as readonly ModuleSpecification[]);
      break;
    default:
      response.statusCode = 404;
  }
  response.end('{}\n');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAXIMUM_BODY_BYTES) throw new RangeError('the control body is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
