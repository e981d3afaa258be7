import type { Clock } from '../../platform/index.ts';
import type { RunEvent } from '../run-events.ts';
import type { LogCommands } from './log-commands.ts';
import { nameOfCommand } from './run-report.ts';

/** A part of a log that is over before that has nothing to fold. */
const GROUP_MILLISECONDS = 500;

export interface GroupsNeeds {
  readonly clock: Pick<Clock, 'after'>;
  /** To our stderr, as it is. */
  readonly write: (text: string) => void;
}

/** The folds of a log: our own part shut, the command open. */
export interface Groups {
  observe(event: RunEvent): void;
  /** Opens what was to be opened, since something follows. */
  flush(): void;
  close(): void;
}

/** A shut group begins with what is in it: one that stays empty is left out. */
export function createGroups(
  { clock, write }: GroupsNeeds,
  { isQuiet, command }: { readonly isQuiet: boolean; readonly command: readonly string[] },
  commands: LogCommands,
): Groups {
  let pending = '';
  let timer: { cancel(): void } | undefined;
  function flush(): void {
    timer?.cancel();
    if (pending !== '') write(pending);
    pending = '';
  }
  return {
    flush,
    close: () => timer?.cancel(),
    observe(event) {
      const text = isQuiet ? '' : groupText(commands, command, event);
      if (event.kind === 'phase-begun' && event.name === 'download') {
        pending = text;
        timer = clock.after(GROUP_MILLISECONDS, flush);
      } else if (event.kind === 'phase-ended' && pending !== '') {
        timer?.cancel();
        pending = '';
      } else if (text !== '') {
        flush();
        write(text);
      }
    },
  };
}

function groupText(commands: LogCommands, command: readonly string[], event: RunEvent): string {
  if (event.kind === 'phase-begun') {
    const { name, attempt } = event;
    const again = attempt > 1 ? `, try ${attempt}` : '';
    const id = attempt > 1 ? `${name}_${attempt}` : name;
    if (name === 'download') return commands.openGroup(id, `cofferdam: modules${again}`, true);
    if (name === 'command') return commands.openGroup(id, nameOfCommand(command) + again, false);
  }
  if (event.kind === 'phase-ended') {
    const { name, attempt } = event.phase;
    const id = attempt > 1 ? `${name}_${attempt}` : name;
    if (name === 'download' || name === 'command') return commands.closeGroup(id);
  }
  return '';
}
