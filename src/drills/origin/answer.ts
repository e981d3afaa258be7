import { gzipSync } from 'node:zlib';
import { bodyOf, flipByte, readAll } from './body.ts';
import { layOutZip } from './zip-layout.ts';
import { layOutZipBomb } from './zip-bomb.ts';
import { textAnswer } from './plain-answer.ts';
import type { Answer } from './plain-answer.ts';
import { alterBody } from './altered-answer.ts';
import { hostileAnswer } from './hostile-answer.ts';
import type { CommonFault, Fault, Framing } from './faults.ts';
import type { SyntheticModule } from './synthetic-module.ts';

const PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>\n';

/** The answer as the fault leaves it. `module` is there where the request named one that exists. */
export function applyFault(
  answer: Answer,
  fault: Fault,
  module: SyntheticModule | undefined,
): Answer {
  switch (fault.kind) {
    case 'endless':
    case 'header-flood':
    case 'redirect-loop':
    case 'gzip-bomb':
    case 'wrong-length':
    case 'long-list':
    case 'invalid-utf8':
    case 'database-lie':
      return hostileAnswer(answer, fault);
    default:
      return applyCommonFault(answer, fault, module);
  }
}

function applyCommonFault(
  answer: Answer,
  fault: CommonFault,
  module: SyntheticModule | undefined,
): Answer {
  switch (fault.kind) {
    case 'status': {
      const made = textAnswer(fault.status, fault.body ?? `synthetic status ${fault.status}\n`);
      return { ...made, headers: { ...made.headers, ...fault.headers } };
    }
    case 'html':
      return textAnswer(200, PAGE, 'text/html; charset=utf-8');
    case 'redirect': {
      const made = textAnswer(fault.status ?? 302, 'moved\n');
      return { ...made, headers: { ...made.headers, location: fault.to } };
    }
    case 'replace':
      return { ...answer, status: 200, body: bodyOf(Buffer.from(fault.body)) };
    case 'cut':
      return {
        ...answer,
        ending: { ...fault, how: looksWhole(fault.framing) ? 'finish' : 'close' },
      };
    case 'stall':
    case 'reset':
      return {
        ...answer,
        ending: { afterBytes: fault.afterBytes ?? -1, framing: 'length', how: fault.kind },
      };
    case 'slow':
      return { ...answer, bytesPerSecond: fault.bytesPerSecond };
    case 'delay':
      return answer;
    // The rest change the right body.
    default:
      return answer.status === 200 ? changeBody(answer, fault, module) : answer;
  }
}

function looksWhole(framing: Framing): boolean {
  return framing === 'none' || framing === 'chunked-whole';
}

type BodyFault = Extract<
  CommonFault,
  { kind: 'altered' | 'flip' | 'gzip' | 'wrong-info' | 'wrong-prefix' | 'zip-bomb' }
>;

function changeBody(answer: Answer, fault: BodyFault, module: SyntheticModule | undefined): Answer {
  switch (fault.kind) {
    case 'altered':
      return { ...answer, body: alterBody(answer, module) };
    case 'flip':
      return { ...answer, body: flipByte(answer.body, fault.offset) };
    case 'gzip': {
      const packed = bodyOf(gzipSync(readAll(answer.body)));
      return {
        ...answer,
        headers: { ...answer.headers, 'content-encoding': 'gzip' },
        body: packed,
      };
    }
    case 'wrong-info': {
      const info = `${JSON.stringify({ Version: fault.version, Time: '2024-01-01T00:00:00Z' })}\n`;
      return { ...answer, body: bodyOf(Buffer.from(info)) };
    }
    case 'wrong-prefix': {
      const prefix = fault.prefix ?? 'elsewhere.test/other@v9.9.9';
      const content = bodyOf(Buffer.from(module?.goMod ?? 'module elsewhere.test/other\n'));
      return { ...answer, body: layOutZip([{ name: `${prefix}/go.mod`, content }]).body };
    }
    default: {
      const prefix =
        module === undefined ? 'bomb.test/b@v1.0.0' : `${module.path}@${module.version}`;
      const goMod = module?.goMod ?? 'module bomb.test/b\n';
      return {
        ...answer,
        body: layOutZipBomb(prefix, goMod, fault.unpackedBytes, fault.honest).body,
      };
    }
  }
}
