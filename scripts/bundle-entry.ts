// Where the bundled program begins: what V8 compiled in earlier runs is taken from beside it.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// A directory that cannot be written is no error; then every start compiles anew.
enableCompileCache(join(import.meta.dirname, 'compiled'));
await import('../src/main.ts');
