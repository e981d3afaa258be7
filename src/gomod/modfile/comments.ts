import { fieldsOf, trimSpace } from '../text/index.ts';
import type { Line, LineBlock } from './syntax.ts';

/** Go's own expression for a paragraph that begins with `Deprecated:`; the message ends with its paragraph. */
const DEPRECATED = /(?:^|\n\n)Deprecated: *([^]*?)(?:$|\n\n)/;

function withoutSlashes(comment: string): string {
  return comment.startsWith('//') ? comment.slice(2) : comment;
}

/** The text of the comments on a directive; a bare line in a block takes those of the block. */
export function commentText(line: Line, block: LineBlock | undefined): string {
  const isBare = line.before.length === 0 && line.suffix.length === 0;
  const { before, suffix } = isBare && block !== undefined ? block : line;
  return [...before, ...suffix]
    .filter((comment) => comment.text.startsWith('//'))
    .map((comment) => trimSpace(withoutSlashes(comment.text)))
    .join('\n');
}

export function deprecationOf(line: Line, block: LineBlock | undefined): string {
  return DEPRECATED.exec(commentText(line, block))?.[1] ?? '';
}

/** Reports whether a requirement is marked `// indirect`. */
export function isMarkedIndirect(line: Line): boolean {
  const [first, ...others] = fieldsOf(withoutSlashes(line.suffix[0]?.text ?? ''));
  return others.length === 0 ? first === 'indirect' : first === 'indirect;';
}

/** Sets or takes away the mark and keeps what else the comment says. */
export function markIndirect(line: Line, indirect: boolean): void {
  if (isMarkedIndirect(line) === indirect) return;
  const [comment] = line.suffix;
  const text = trimSpace(withoutSlashes(comment?.text ?? ''));
  if (comment === undefined) line.suffix = [{ text: '// indirect' }];
  else if (indirect) comment.text = text === '' ? '// indirect' : `// indirect; ${text}`;
  else if (text === 'indirect') line.suffix = [];
  else
    comment.text = `//${comment.text.slice(comment.text.indexOf('indirect;') + 'indirect;'.length)}`;
}
