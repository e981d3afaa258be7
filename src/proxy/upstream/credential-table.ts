import type { CredentialHeaders } from './goauth-output.ts';

/** Credentials by URL prefix; for a URL, the longest prefix that ends at a slash wins. */
export interface CredentialTable {
  /** Later calls replace earlier ones; no headers means that the prefix has none any more. */
  store(prefix: string, headers: CredentialHeaders): void;
  find(url: string): CredentialHeaders | undefined;
}

export function createCredentialTable(): CredentialTable {
  const table = new Map<string, CredentialHeaders>();
  return {
    store: (prefix, headers) => {
      const key = keyOf(prefix);
      if (headers.size === 0) table.delete(key);
      else table.set(key, headers);
    },
    find: (url) => {
      let key = keyOf(url);
      for (;;) {
        const found = table.get(key);
        const slash = key.lastIndexOf('/');
        if (found !== undefined || slash === -1) return found;
        key = key.slice(0, slash);
      }
    },
  };
}

/** The form that .netrc uses as well: no scheme, no slash at the end. */
function keyOf(url: string): string {
  return url.replace(/^https:\/\//i, '').replace(/\/$/, '');
}

/** Basic credentials; the parts are Latin-1 so that their bytes stay what they were. */
export function basicHeaders(login: string, password: string): CredentialHeaders {
  const value = Buffer.from(`${login}:${password}`, 'latin1').toString('base64');
  return new Map([['authorization', [`Basic ${value}`]]]);
}
