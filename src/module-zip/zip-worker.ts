import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { inlineSource, windowSource, type FetchBlock } from './byte-source.ts';
import { checkZip } from './check-zip.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { LaneSettings } from './worker-lane.ts';

// The program of one worker thread: it judges several zips at once, each a slice at a time.

interface Waiting {
  readonly id: number;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
}

type CheckMessage = Extract<ToWorker, { readonly kind: 'check' }>;

/** Half of what niceness can give away: it still ends on a busy machine. */
const PATIENT_NICENESS = 10;

// Linux knows niceness for each thread, elsewhere it would be that of the whole process.
if ((workerData as LaneSettings).isPatient && process.platform === 'linux') {
  setPriority(PATIENT_NICENESS);
}

const waiting = new Map<number, Waiting>();
let requests = 0;

function send(message: FromWorker): void {
  parentPort?.postMessage(message, []);
}

function blocksFor(id: number): FetchBlock {
  return (position, length) =>
    new Promise((resolve, reject) => {
      requests += 1;
      waiting.set(requests, { id, resolve, reject });
      send({ kind: 'read', id, request: requests, position, length });
    });
}

async function check(message: CheckMessage): Promise<void> {
  const { id, size, bytes } = message;
  const fetchBlock = blocksFor(id);
  const source =
    bytes === undefined ? windowSource(size, fetchBlock) : inlineSource(bytes, fetchBlock);
  try {
    send({ kind: 'verdict', id, verdict: await checkZip(message, source) });
  } catch (error) {
    send({ kind: 'failed', id, message: String(error) });
  } finally {
    forget(id);
  }
}

/** Ends the reads of a check that nobody waits for any more. */
function forget(id: number): void {
  for (const [request, reader] of waiting) {
    if (reader.id === id) {
      waiting.delete(request);
      reader.reject(new Error('the check was given up'));
    }
  }
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'check') {
    void check(message);
  } else if (message.kind === 'block') {
    waiting.get(message.request)?.resolve(message.bytes);
    waiting.delete(message.request);
  } else {
    forget(message.id);
  }
});
