export const shells = ['sh', 'bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** Lines to paste that make Go fetch modules from a server. */
export function shellLines(shell: Shell, server: string): string {
  if (shell === 'fish') return `set -gx GOPROXY ${quoteFish(server)}\n`;
  if (shell === 'powershell') return `$env:GOPROXY = '${server.replaceAll("'", "''")}'\n`;
  return `export GOPROXY=${quoteShell(server)}\n`;
}

/** Nothing in these means anything to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

function quoteShell(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function quoteFish(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
