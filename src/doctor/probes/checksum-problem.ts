import { goServices } from '../../go-services.ts';
import { isVerifierKey } from '../../gosettings/index.ts';

/** What `go` refuses: https://go.dev/ref/mod#environment-variables, GOSUMDB. */
export function checksumProblem(value: string): string | undefined {
  const { name: known, alias } = goServices.checksumDatabase;
  const [name, url, ...more] = value.split(/\s+/).filter((field) => field !== '');
  if (name === undefined) return undefined;
  if (more.length > 0) return 'it has more than a key and a URL';
  if (name !== known && name !== alias.name && !isVerifierKey(name)) {
    return name.includes('+')
      ? 'its key is not valid'
      : 'it names a database that go does not know, without its key';
  }
  if (url !== undefined && !/^https?:\/\/[^\s/]+/.test(url))
    return 'its URL is not an http or https URL';
  return undefined;
}
