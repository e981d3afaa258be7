import { gzipSync } from 'node:zlib';
import { bodyOf, concatenate } from './body.ts';
import type { Answer } from './plain-answer.ts';
import type { Body } from './body.ts';
import type { HostileFault } from './faults.ts';

const PIECE = Buffer.alloc(64 << 10, 'endless ');
/** A member of so many zeros packs to a kilobyte; members may follow each other (RFC 1952, 2.2). */
const GZIP_MEMBER_BYTES = 1 << 20;
const NO_TEXT = Buffer.of(0xc3, 0x28, 0xa0, 0xa1, 0xff, 0xfe, 0x0a);

export function hostileAnswer(answer: Answer, fault: HostileFault): Answer {
  switch (fault.kind) {
    case 'endless': {
      const { length } = ENDLESS;
      const ending = { afterBytes: length, framing: 'chunked', how: 'finish' } as const;
      return { ...answer, status: 200, body: ENDLESS, ending };
    }
    case 'header-flood': {
      const flood = Array.from(
        { length: fault.headers },
        (_, index) => [`x-flood-${index}`, 'f'.repeat(fault.bytesEach)] as const,
      );
      return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(flood) } };
    }
    case 'redirect-loop':
      return { status: 302, headers: { location: '?again' }, body: bodyOf(Buffer.from('moved\n')) };
    case 'gzip-bomb':
      return {
        ...answer,
        status: 200,
        headers: { ...answer.headers, 'content-encoding': 'gzip' },
        body: packZeros(fault.unpackedBytes),
      };
    case 'wrong-length':
      return { ...answer, declaredLength: Math.max(0, answer.body.length + fault.by) };
    // The database itself has told it.
    case 'database-lie':
      return answer;
    case 'long-list':
      return { ...answer, status: 200, body: listVersions(fault.lines) };
    default:
      return { ...answer, body: concatenate([bodyOf(NO_TEXT), answer.body]) };
  }
}

const ENDLESS: Body = {
  length: Number.MAX_SAFE_INTEGER,
  *pieces(start, end) {
    for (let position = start; position < end; position += PIECE.length) yield PIECE;
  },
};

function packZeros(bytes: number): Body {
  const member = bodyOf(gzipSync(Buffer.alloc(GZIP_MEMBER_BYTES)));
  return concatenate(Array.from({ length: Math.ceil(bytes / GZIP_MEMBER_BYTES) }, () => member));
}

function listVersions(lines: number): Body {
  let text = '';
  for (let number = 0; number < lines; number++) text += `v0.0.${number}\n`;
  return bodyOf(Buffer.from(text));
}
