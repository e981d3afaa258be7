// Every cause that is known, as data: how it is written, who mends it, whether trying again helps.
export { catalogue } from './catalogue.ts';
export type { Failure, FailureClass, Form, Owner, Retry, TargetKind } from './failure.ts';
