import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Database, Migration, Statement } from './database.ts';
import { ProgramError } from './errors.ts';

/** Opens the same database each time within one test; the test ends by closing what it opened. */
type Open = (migrations: readonly Migration[]) => Promise<Database>;
type Make = (context: TestContext) => Promise<Open>;

const FIRST: Migration = {
  number: 1,
  name: 'facts',
  sql: 'CREATE TABLE facts (name TEXT PRIMARY KEY, size BIGINT, hash BLOB, ratio DOUBLE PRECISION)',
};
const SECOND: Migration = {
  number: 2,
  name: 'labels',
  sql: `CREATE TABLE labels (fact TEXT NOT NULL REFERENCES facts(name), label TEXT NOT NULL);
        CREATE INDEX labels_by_fact ON labels (fact);`,
};
const INSERT = 'INSERT INTO facts (name, size) VALUES (:name, :size)';
const NAMES = 'SELECT name FROM facts ORDER BY name';

/** What every adapter of the port Database must do. */
export function databaseContract(name: string, make: Make): void {
  valueContract(name, make);
  transactionContract(name, make);
  migrationContract(name, make);
  closingContract(name, make);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ProgramError && error.code === code;
}

function valueContract(name: string, make: Make): void {
  test(`${name}: gives back every kind of value as it was stored`, async (context) => {
    const open = await make(context);
    const database = await open([FIRST]);
    const big = 2n ** 62n;
    const rows = [
      { name: 'a', size: 1, hash: new Uint8Array([0, 255, 10]), ratio: 0.5 },
      { name: 'é — “quoted”', size: Number.MAX_SAFE_INTEGER, hash: null, ratio: null },
      { name: '', size: big, hash: new Uint8Array(0), ratio: -1e300 },
    ];
    for (const row of rows) {
      await database.execute('INSERT INTO facts VALUES (:name, :size, :hash, :ratio)', row);
    }
    for (const row of rows) {
      const found = await database.query('SELECT * FROM facts WHERE name = :name', {
        name: row.name,
      });
      assert.deepEqual(found, [row]);
    }
    const sums = await database.query('SELECT size + 1 AS more FROM facts WHERE size = :size', {
      size: big,
    });
    assert.deepEqual(sums, [{ more: big + 1n }]);
    await database.close();
  });

  test(`${name}: answers in the order of the calls`, async (context) => {
    const open = await make(context);
    const database = await open([FIRST]);
    const names = Array.from(
      { length: 50 },
      (_, index) => `fact ${String(index).padStart(2, '0')}`,
    );
    const inserts = names.map((fact) => database.execute(INSERT, { name: fact, size: 1 }));
    assert.equal((await database.query(NAMES)).length, 50);
    await Promise.all(inserts);
    await database.close();
  });

  test(`${name}: a wrong statement is our bug, a broken constraint a conflict`, async (context) => {
    const open = await make(context);
    const database = await open([FIRST, SECOND]);
    await assert.rejects(database.query('SELEC nothing'), hasCode('database-failed'));
    await assert.rejects(database.query(INSERT, { name: 'a' }), hasCode('database-failed'));
    await assert.rejects(
      database.query(INSERT, { name: 'a', size: 1, x: 1 }),
      hasCode('database-failed'),
    );
    await database.execute(INSERT, { name: 'a', size: 1 });
    await assert.rejects(
      database.execute(INSERT, { name: 'a', size: 1 }),
      hasCode('database-constraint'),
    );
    const orphan = "INSERT INTO labels VALUES ('none', ':not :a -- parameter')";
    await assert.rejects(database.execute(orphan), hasCode('database-constraint'));
    assert.deepEqual(await database.query(NAMES), [{ name: 'a' }]);
    await database.close();
  });
}

function insertion(fact: string): Statement {
  return { sql: INSERT, parameters: { name: fact, size: 1 } };
}

function transactionContract(name: string, make: Make): void {
  test(`${name}: transaction() does all of its statements or none`, async (context) => {
    const open = await make(context);
    const database = await open([FIRST]);
    await database.transaction([insertion('a'), insertion('b')]);
    await assert.rejects(
      database.transaction([insertion('c'), insertion('a'), insertion('d')]),
      hasCode('database-constraint'),
    );
    await database.transaction([]);
    assert.deepEqual(await database.query(NAMES), [{ name: 'a' }, { name: 'b' }]);
    await database.close();
  });
}

function migrationContract(name: string, make: Make): void {
  test(`${name}: applies each migration once, when many open it at the same moment too`, async (context) => {
    const open = await make(context);
    const first = await open([FIRST]);
    await first.execute(INSERT, { name: 'kept', size: 1 });
    await first.close();
    const many = await Promise.all(Array.from({ length: 4 }, () => open([FIRST, SECOND])));
    for (const [index, database] of many.entries()) {
      await database.execute("INSERT INTO labels VALUES ('kept', :label)", { label: `${index}` });
    }
    assert.equal((await many[0]?.query('SELECT * FROM labels'))?.length, 4);
    await Promise.all(many.map((database) => database.close()));
  });

  test(`${name}: refuses a schema newer than it knows, and gaps in the numbers`, async (context) => {
    const open = await make(context);
    await (await open([FIRST, SECOND])).close();
    await assert.rejects(open([FIRST]), hasCode('database-newer'));
    await assert.rejects(open([FIRST, { ...SECOND, name: 'other' }]), hasCode('database-newer'));
    await assert.rejects(open([FIRST, { ...SECOND, number: 3 }]), hasCode('database-failed'));
  });

  test(`${name}: a migration that fails leaves the schema as it was`, async (context) => {
    const open = await make(context);
    const broken = {
      number: 2,
      name: 'labels',
      sql: 'CREATE TABLE half (a INT); CREATE TABLE facts (a INT)',
    };
    await assert.rejects(open([FIRST, broken]), hasCode('database-failed'));
    const database = await open([FIRST, SECOND]);
    await assert.rejects(database.query('SELECT * FROM half'), hasCode('database-failed'));
    await database.close();
  });
}

function closingContract(name: string, make: Make): void {
  test(`${name}: close() finishes what was asked, and later calls are refused`, async (context) => {
    const open = await make(context);
    const database = await open([FIRST]);
    const inserts = Array.from({ length: 100 }, (_, index) =>
      database.execute(INSERT, { name: `${index}`, size: index }),
    );
    await Promise.all([database.close(), database.close()]);
    await Promise.all(inserts);
    await assert.rejects(database.query(NAMES), hasCode('database-closed'));
    const again = await open([FIRST]);
    assert.equal((await again.query(NAMES)).length, 100);
    await again.close();
  });
}
