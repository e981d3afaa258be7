// Lines put together to what a tool said: blocks, whose words they are, and what came from a remote machine.
export { createStatementBuilder } from './build-statements.ts';
export type { StatementBuilder } from './build-statements.ts';
export type { ReplyLine, Statement } from './statement.ts';
