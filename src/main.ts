import { WORKER_WORD } from './app/worker-messages.ts';

// Decided before anything else is loaded: each worker process has its own copy of what it loads.
if (process.argv[2] === WORKER_WORD && process.send !== undefined) {
  const { runWorker } = await import('./app/worker-main.ts');
  runWorker(process);
} else {
  const { runProgram } = await import('./app/program.ts');
  await runProgram();
}
