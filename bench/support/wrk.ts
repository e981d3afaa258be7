import { runToEnd } from './child.ts';

const CONNECTIONS = 32;
/** Long enough for a rate. */
export const WRK_SECONDS = 3;

/** Requests per second over 32 connections; any error or other status throws. */
export async function runWrk(url: string, seconds: number): Promise<number> {
  const command = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '10s', url];
  const { output } = await runToEnd(command, '.');
  const bad = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(output)?.[0];
  if (bad !== undefined) throw new Error(`wrk ${url}: ${bad}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  if (!(rate > 0)) throw new Error(`wrk ${url} printed no rate:\n${output}`);
  return rate;
}
