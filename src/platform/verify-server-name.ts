import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';

/** As Go does: only subject alternative names count, never the common name (crypto/x509). */
export function verifyServerName(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname === undefined || certificate.subjectaltname === '') {
    return Object.assign(new Error('the certificate has no subject alternative name'), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  }
  return checkServerIdentity(host, certificate);
}
