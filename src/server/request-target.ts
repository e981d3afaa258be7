/** The path of a request target: `go` sends no query (P-01), a forward proxy may send the absolute form. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (path.startsWith('/')) {
    return path;
  }
  const match = /^https?:\/\/[^/]*(\/.*)?$/u.exec(path);
  return match === null ? path : (match[1] ?? '/');
}
