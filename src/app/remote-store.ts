import type { HttpClient } from '../platform/http/index.ts';
import type { Clock } from '../platform/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';

export function createRemoteStore(
  _needs: { readonly http: HttpClient; readonly clock: Clock },
  _settings: { readonly url: string },
): StoreCare {
  throw new ProgramError({ code: 'not-built-yet', kind: 'bad-input', message: 'soon' });
}
