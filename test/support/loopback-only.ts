// Preloaded with `--import`: in unit tests a connection that would leave this machine fails at once.
import dns from 'node:dns';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';

const loopback = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127\.[\d.]+)$/i;

function refuse(host: string): void {
  if (!loopback.test(host)) {
    throw new Error(`a unit test tried to reach ${host}: start what it needs on 127.0.0.1`);
  }
}

function hostOf(options: unknown, second: unknown): string | undefined {
  const first: unknown = Array.isArray(options) ? options[0] : options;
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return undefined;
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return typeof second === 'string' ? second : 'localhost';
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(
  this: net.Socket,
  ...parameters: readonly unknown[]
): net.Socket {
  const host = hostOf(parameters[0], parameters[1]);
  if (host !== undefined) refuse(host);
  return Reflect.apply(connect, this, parameters) as net.Socket;
};

const lookup = dns.lookup;
Object.assign(dns, {
  lookup(host: string, ...rest: readonly unknown[]): void {
    // A name that cannot exist is how tests ask for a look-up that fails.
    if (!host.endsWith('.invalid')) refuse(host);
    Reflect.apply(lookup, dns, [host, ...rest]);
  },
});
syncBuiltinESMExports();
