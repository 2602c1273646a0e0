import type { SecureContextOptions } from 'node:tls';
import type { Secret } from '@sallyport/core';

/** How a receiver is known, and how it knows us. At least TLS 1.2; its certificate and its name are checked. */
export interface TlsSettings {
  /** Certificates that may have signed the receiver's, PEM. Default: those that Node trusts. */
  readonly ca?: string;
  /** Our certificate, PEM, with its chain. */
  readonly certificate?: string;
  /** Its private key, PEM. */
  readonly key?: Secret;
  /** The name that its certificate has to hold. Default: the host. */
  readonly serverName?: string;
  /** Anybody may answer as the receiver, read every record and acknowledge it. */
  readonly dangerouslyAllowUnauthorized?: boolean;
}

/** What Node's TLS and HTTPS clients take. @throws TypeError for a certificate without a key, and the other way round */
export function tlsOptions({
  ca,
  certificate,
  key,
  serverName,
  ...rest
}: TlsSettings): SecureContextOptions & {
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
} {
  if ((certificate === undefined) !== (key === undefined))
    throw new TypeError('A client certificate needs both: certificate and key.');
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: rest.dangerouslyAllowUnauthorized !== true,
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key: key.reveal() }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}
