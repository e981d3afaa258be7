import type { TestContext } from 'node:test';
import type { Origin } from '../../src/drills/index.ts';
import { startOrigin } from './start-origin.ts';

export interface CountedDatabase {
  readonly name: string;
  readonly key: string;
  readonly origin: Origin;
  /** Resources asked so far. */
  readonly asked: string[];
  /** Appends records that nobody asks for. */
  grow(records: number): void;
  /** What the database says of `lookup/…`, `tile/…` or `latest`, counted. */
  answer(resource: string): Buffer | undefined;
}

/** A signed checksum database of our own, with a module for each `m.test/N@v1.0.0`. */
export async function startDatabase(
  test: TestContext,
  modules = 40,
  name = 'localhost.localdev/sumdb',
): Promise<CountedDatabase> {
  const origin = await startOrigin(test, {
    checksumDatabase: name,
    modules: Array.from({ length: modules }, (_, index) => ({
      path: `m.test/M${index}`,
      version: 'v1.0.0',
      zipBytes: 2000,
    })),
  });
  const { database } = origin;
  if (database === undefined) {
    throw new Error('the origin has no checksum database');
  }
  const asked: string[] = [];
  return {
    name,
    key: database.key,
    origin,
    asked,
    grow: (records) => database.grow(records),
    answer: (resource) => {
      asked.push(resource);
      return database.answer(resource);
    },
  };
}
