import { isProgramError } from './errors.ts';
import { hideSecrets, isSecretName } from '../masking/index.ts';

/** The line's own keys: a field with the same name would stand twice in it. */
const RESERVED: ReadonlySet<string> = new Set(['level', 'time', 'message']);
/** Fields are facts, not documents: what is deeper, wider or longer is cut, so one line stays one line. */
const DEPTH_LIMIT = 6;
const WIDTH_LIMIT = 100;
const TEXT_LIMIT = 8192;
const HIDDEN = '[hidden]';

type LogData = Readonly<Record<string, unknown>>;

/** Makes data fit for a log line: no secrets, bounded, errors with their causes. */
export function toLogData(data: LogData): LogData {
  try {
    return toCleanFields(data);
  } catch {
    // A getter or proxy in the data failed; a line without data is better than a failure from logging.
    return { data: '[unreadable]' };
  }
}

function toCleanFields(data: LogData): LogData {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      RESERVED.has(name) ? `${name}_` : name,
      isSecretName(name) ? HIDDEN : clean(value, 1),
    ]),
  );
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_LIMIT) return '[too deep]';
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof URL) return cleanText(value.href);
  if (value instanceof Temporal.Instant || value instanceof Temporal.Duration)
    return value.toString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return clean(Object.fromEntries(value), depth);
  if (value instanceof Set) return clean([...value], depth);
  if (Array.isArray(value)) {
    return value.slice(0, WIDTH_LIMIT).map((element) => clean(element, depth + 1));
  }
  return cleanObject(value, depth);
}

function cleanObject(value: object, depth: number): unknown {
  const fields = Object.entries(value).slice(0, WIDTH_LIMIT);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, isSecretName(name) ? HIDDEN : clean(field, depth + 1)]),
  );
}

function cleanText(text: string): string {
  const masked = hideSecrets(text.length > TEXT_LIMIT ? text.slice(0, TEXT_LIMIT) : text);
  return text.length > TEXT_LIMIT ? `${masked}… (${text.length} characters)` : masked;
}

/** The stack stands only where it helps: in what is our bug. */
function cleanError(error: Error, depth: number): unknown {
  const shared = {
    message: cleanText(error.message),
    ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1) }),
  };
  if (!isProgramError(error)) {
    return { type: error.name, ...shared, stack: cleanText(error.stack ?? '') };
  }
  return {
    code: error.code,
    kind: error.kind,
    ...shared,
    ...(Object.keys(error.details).length === 0
      ? {}
      : { details: cleanObject(error.details, depth + 1) }),
    ...(error.kind === 'bug' ? { stack: cleanText(error.stack ?? '') } : {}),
  };
}
