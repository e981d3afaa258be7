import { ProgramError } from '../errors.ts';
import { parseProxyAddress } from './forward-proxy-address.ts';
import type { ProxyAddress } from './forward-proxy-address.ts';
import { parseProxyExceptions } from './forward-proxy-exceptions.ts';

/** Which forward proxy a URL goes through; undefined means directly. Throws for what Go refuses. */
export type ForwardProxies = (url: URL) => ProxyAddress | undefined;

/**
 * The choice that Go makes from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case, the upper one
 * first (golang.org/x/net/http/httpproxy). The environment is read once, as Go does.
 */
export function createForwardProxies(
  environment: Readonly<Record<string, string | undefined>>,
): ForwardProxies {
  const httpProxy = addressFrom(environment, 'HTTP_PROXY');
  const httpsProxy = addressFrom(environment, 'HTTPS_PROXY');
  const isExcepted = parseProxyExceptions(valueOf(environment, 'NO_PROXY'));
  // A web server's CGI program gets the request's `Proxy:` header as HTTP_PROXY: it cannot be trusted.
  const runsAsCgi = (environment['REQUEST_METHOD'] ?? '') !== '';
  return (url) => {
    const secure = url.protocol === 'https:';
    const proxy = secure ? httpsProxy : httpProxy;
    if (proxy === undefined) {
      return undefined;
    }
    if (!secure && runsAsCgi) {
      throw new ProgramError({
        code: 'http-proxy-refused',
        kind: 'bad-input',
        message: 'HTTP_PROXY is not used, because REQUEST_METHOD is set as for a CGI program',
        hint: 'Unset REQUEST_METHOD, or unset HTTP_PROXY.',
      });
    }
    return isExcepted(bareHost(url), portOf(url)) ? undefined : proxy;
  };
}

/** Names of variables whose value Go cannot parse and ignores: worth one warning, as no error comes. */
export function ignoredProxyVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return ['HTTP_PROXY', 'HTTPS_PROXY'].filter(
    (name) => valueOf(environment, name) !== '' && addressFrom(environment, name) === undefined,
  );
}

/** A URL's host, IPv6 without its brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): string {
  if (url.port !== '') {
    return url.port;
  }
  return url.protocol === 'https:' ? '443' : '80';
}

function addressFrom(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): ProxyAddress | undefined {
  const value = valueOf(environment, name);
  return value === '' ? undefined : parseProxyAddress(value);
}

function valueOf(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  return environment[name] || environment[name.toLowerCase()] || '';
}
