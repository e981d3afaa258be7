import { connectFailed, describeSocketError, errorCode } from './http-client-errors.ts';
import { ProgramError } from '../errors.ts';

export function tlsFailed(where: string, error: Error, issuer: string | undefined): ProgramError {
  const code = errorCode(error);
  // Node's words for an end, which it gives the code of a reset.
  if (error.message.startsWith('Client network socket disconnected')) {
    return connectFailed(
      where,
      'the connection was closed during the TLS handshake',
      error,
      'EPIPE',
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT') {
    return connectFailed(where, `${describeSocketError(error)} during the TLS handshake`, error);
  }
  const { problem, hint } = describe(code, issuer);
  return new ProgramError({
    code: 'http-tls-failed',
    kind: 'unavailable',
    message: `TLS with ${where} failed: ${problem}`,
    cause: error,
    hint,
    details: { where, reason: code },
  });
}

/** The store itself cannot be used; single broken certificates in it are passed over. */
export function trustFailed(where: string, cause: unknown): ProgramError {
  return new ProgramError({
    code: 'http-tls-failed',
    kind: 'unavailable',
    message: `TLS with ${where} failed: the trusted certificates of this machine cannot be used`,
    cause,
    hint: 'Check the files that SSL_CERT_FILE and SSL_CERT_DIR name.',
    details: { where },
  });
}

function describe(code: string, issuer: string | undefined): { problem: string; hint: string } {
  const by = issuer === undefined ? 'an unknown issuer' : `the unknown issuer "${oneLine(issuer)}"`;
  switch (code) {
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        problem: `its certificate is signed by ${by}`,
        hint: "Add the issuer's certificate to the system's trust store, or name a file that holds it in SSL_CERT_FILE.",
      };
    case 'CERT_HAS_EXPIRED':
      return {
        problem: 'its certificate or one of its issuers has expired',
        hint: "Have the server's certificate renewed, and check this machine's clock.",
      };
    case 'CERT_NOT_YET_VALID':
      return { problem: 'its certificate is not yet valid', hint: "Check this machine's clock." };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        problem: 'its certificate is for another name',
        hint: 'Check the host in the URL; a certificate must list it as a subject alternative name.',
      };
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        problem: 'it does not speak TLS on this port',
        hint: 'Check the port and the scheme of the URL.',
      };
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return {
        problem: 'it offers no TLS version from 1.2 on',
        hint: 'Have TLS 1.2 or 1.3 enabled on the server.',
      };
    default:
      return {
        problem: `the handshake was refused (${code === '' ? 'unknown reason' : code})`,
        hint: "Check the server's TLS settings and certificate.",
      };
  }
}

/** OpenSSL gives a distinguished name as lines. */
function oneLine(name: string): string {
  return name.trim().split('\n').join(', ').slice(0, 300);
}
