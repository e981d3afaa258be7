import { encodeText } from './utf8.ts';

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function compareEncoded(left: string, right: string): number {
  const leftBytes = encodeText(left);
  const rightBytes = encodeText(right);
  const index = leftBytes.findIndex((byte, position) => byte !== rightBytes[position]);
  if (index < 0) return leftBytes.length - rightBytes.length;
  return (leftBytes[index] ?? 0) - (rightBytes[index] ?? -1);
}

/** Orders strings as Go does, by the bytes of their UTF-8, which beyond U+D7FF is not the order of UTF-16. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  let index = 0;
  while (index < length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index === length) return left.length - right.length;
  const leftCode = left.charCodeAt(index);
  const rightCode = right.charCodeAt(index);
  if (isSurrogate(leftCode) || isSurrogate(rightCode)) return compareEncoded(left, right);
  return leftCode - rightCode;
}
