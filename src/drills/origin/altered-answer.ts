import { bodyOf, concatenate } from './body.ts';
import { layOutZip } from './zip-layout.ts';
import type { Answer } from './plain-answer.ts';
import type { Body } from './body.ts';
import type { SyntheticModule } from './synthetic-module.ts';

/**
 * Bytes that no look at their form tells from the right ones: only a hash does. A zip keeps go.mod
 * and has other code, text has a line more, and JSON has another moment in time.
 */
export function alterBody(answer: Answer, module: SyntheticModule | undefined): Body {
  const type = answer.headers['content-type'] ?? '';
  if (type === 'application/zip' && module !== undefined) {
    const prefix = `${module.path}@${module.version}`;
    return layOutZip([
      { name: `${prefix}/go.mod`, content: bodyOf(Buffer.from(module.goMod)) },
      {
        name: `${prefix}/module.go`,
        content: bodyOf(Buffer.from('package synthetic\n\nconst Version = "altered"\n')),
      },
    ]).body;
  }
  if (type === 'application/json' && module !== undefined) {
    const info = { Version: module.version, Time: '2001-01-01T00:00:00Z' };
    return bodyOf(Buffer.from(`${JSON.stringify(info)}\n`));
  }
  return concatenate([answer.body, bodyOf(Buffer.from('\n// altered\n'))]);
}
