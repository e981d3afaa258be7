/** A finished piece of work in a distributed trace, as OpenTelemetry knows it. */
export interface FinishedSpan {
  readonly name: string;
  /** `server`: answered a request of somebody; `client`: sent one. */
  readonly kind: 'server' | 'client';
  /** 32 and 16 hexadecimal digits (W3C Trace Context 3.2.2). */
  readonly trace: string;
  readonly span: string;
  readonly parent: string | undefined;
  readonly startMilliseconds: number;
  readonly endMilliseconds: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly events: readonly { readonly name: string; readonly milliseconds: number }[];
  /** Why it failed; undefined when it did not. */
  readonly failure: string | undefined;
}

/** Takes finished spans and sends them somewhere behind the caller's back. */
export interface SpanSink {
  ended(span: FinishedSpan): void;
}
