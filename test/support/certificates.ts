import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** The file that SSL_CERT_FILE would name. */
  readonly file: string;
  readonly commonName: string;
  /** `names` as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. Negative days are in the past. */
  issue(names: readonly string[], days?: number): Promise<KeyPair>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A private certificate authority made with the openssl command inside `folder`. */
export async function createAuthority(folder: string, commonName: string): Promise<Authority> {
  const file = join(folder, 'authority.pem');
  const key = join(folder, 'authority.key');
  const subject = ['-subj', `/O=Cofferdam Tests/CN=${commonName}`, '-days', '2'];
  await run('openssl', ['req', '-x509', ...KEY, '-keyout', key, '-out', file, ...subject]);
  let issued = 0;
  return {
    file,
    commonName,
    async issue(names, days = 2) {
      issued += 1;
      const base = join(folder, `issued-${issued}`);
      const extension = names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`;
      await writeFile(`${base}.ext`, extension);
      const request = [
        'req',
        ...KEY,
        '-keyout',
        `${base}.key`,
        '-out',
        `${base}.csr`,
        '-subj',
        '/CN=localhost',
      ];
      await run('openssl', request);
      const sign = [
        'x509',
        '-req',
        '-in',
        `${base}.csr`,
        '-CA',
        file,
        '-CAkey',
        key,
        '-CAcreateserial',
      ];
      const result = ['-days', String(days), '-extfile', `${base}.ext`, '-out', `${base}.pem`];
      await run('openssl', [...sign, ...result]);
      return {
        key: await readFile(`${base}.key`, 'utf8'),
        cert: await readFile(`${base}.pem`, 'utf8'),
      };
    },
  };
}
