/** Bytes that can be read from any place, again and again, without standing in memory. */
export interface Body {
  readonly length: number;
  /** From `start` up to, not including, `end`. */
  pieces(start: number, end: number): Iterable<Buffer>;
}

export function bodyOf(bytes: Buffer): Body {
  return {
    length: bytes.length,
    *pieces(start, end) {
      if (end > start) yield bytes.subarray(start, Math.min(end, bytes.length));
    },
  };
}

/** One after the other. */
export function concatenate(parts: readonly Body[]): Body {
  let length = 0;
  const placed: { readonly start: number; readonly part: Body }[] = [];
  for (const part of parts) {
    placed.push({ start: length, part });
    length += part.length;
  }
  return {
    length,
    *pieces(start, end) {
      for (const { start: at, part } of placed) {
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, part.length);
        if (from < to) yield* part.pieces(from, to);
      }
    },
  };
}

/** The same with one byte changed; a negative offset counts from the end. */
export function flipByte(body: Body, offset: number): Body {
  const place = offset < 0 ? body.length + offset : offset;
  return {
    length: body.length,
    *pieces(start, end) {
      let position = start;
      for (const piece of body.pieces(start, end)) {
        const inside = place - position;
        position += piece.length;
        if (inside < 0 || inside >= piece.length) {
          yield piece;
          continue;
        }
        const changed = Buffer.from(piece);
        changed.writeUInt8(changed.readUInt8(inside) ^ 0xff, inside);
        yield changed;
      }
    },
  };
}

/** For bodies known to be small. */
export function readAll(body: Body): Buffer {
  return Buffer.concat([...body.pieces(0, body.length)]);
}
