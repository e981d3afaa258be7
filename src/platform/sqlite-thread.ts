import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { openSqliteConnection } from './sqlite-connection.ts';
import { toFailure } from './sqlite-error.ts';
import type { SqliteReply, SqliteRequest, SqliteThreadData } from './sqlite-messages.ts';

/* The entry of the thread that owns one SQLite connection; started by `openSqliteDatabase()`. */

function serve(port: MessagePort, settings: SqliteThreadData): void {
  function reply(answer: SqliteReply): void {
    port.postMessage(answer);
  }

  try {
    const connection = openSqliteConnection(settings);
    port.on('message', ({ id, task }: SqliteRequest) => {
      try {
        if (task.kind !== 'close') return reply({ id, rows: connection.run(task) });
        port.close();
        connection.close();
      } catch (error) {
        reply({ id, failure: toFailure(error) });
      }
    });
    reply({ id: 0, rows: [] });
  } catch (error) {
    reply({ id: 0, failure: toFailure(error) });
  }
}

if (parentPort !== null) serve(parentPort, workerData as SqliteThreadData);
