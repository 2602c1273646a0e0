import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import {
  ElasticReceiver,
  FileReceiver,
  type NatsAuth,
  NatsReceiver,
  OtlpReceiver,
  type Receiver,
  RelpReceiver,
  SplunkReceiver,
  StderrReceiver,
  SyslogReceiver,
  type TlsSettings,
  WebhookReceiver,
} from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import type { SinkEntry } from './audit-section.ts';
import { splitAddress } from './check-sink.ts';
import type { SecretRef } from './policy-file.ts';
import { versionOfThis } from './version-of-this.ts';

const WITHOUT_TLS = { dangerouslyWithoutTls: true } as const;

/** Every secret of a sink. */
export function secretsOf(entry: Omit<SinkEntry, 'type' | 'url'>): readonly SecretRef[] {
  const { key, token, authorization, secret, credentials, password } = entry;
  return [key, token, authorization, secret, credentials, password].filter((one) => one !== undefined);
}

/**
 * The receiver of a sink that was checked, with its credentials.
 *
 * @throws SecretError, an error of the system for a certificate that cannot be read, TypeError for what a receiver cannot use
 */
export async function openReceiver(
  entry: SinkEntry,
  lookUp: (reference: SecretRef) => Promise<Secret>,
): Promise<Receiver> {
  const optional = (reference: SecretRef | undefined): Promise<Secret | undefined> =>
    reference === undefined ? Promise.resolve(undefined) : lookUp(reference);
  const target = await targetOf(entry, lookUp);
  switch (entry.type) {
    case 'syslog':
    case 'relp': {
      const { host = '', port = 0 } = splitAddress(entry.address ?? '') ?? {};
      const options = { ...target, host, port, ...syslogOf(entry) };
      return entry.type === 'syslog' ? new SyslogReceiver(options) : new RelpReceiver(options);
    }
    case 'splunk': {
      const { url = '', token = [], index, sourcetype } = entry;
      return new SplunkReceiver({
        ...target,
        url,
        token: await lookUp(token),
        host: hostname(),
        ...(index !== undefined && { index }),
        ...(sourcetype !== undefined && { sourcetype }),
      });
    }
    case 'elasticsearch': {
      const { url = '', index = '' } = entry;
      const authorization = await optional(entry.authorization);
      return new ElasticReceiver({
        ...target,
        url,
        index,
        ...(authorization !== undefined && { authorization }),
      });
    }
    case 'webhook': {
      const { url = '', secret = [] } = entry;
      return new WebhookReceiver({ ...target, url, secret: await lookUp(secret) });
    }
    case 'otlp': {
      const authorization = await optional(entry.authorization);
      return new OtlpReceiver({
        ...target,
        url: entry.url ?? '',
        serviceVersion: versionOfThis(),
        ...(authorization !== undefined && { headers: { authorization } }),
      });
    }
    case 'nats': {
      const { url = '', subject = '' } = entry;
      const auth = await natsAuth(entry, optional);
      return new NatsReceiver({ ...target, servers: [url], subject, ...(auth !== undefined && { auth }) });
    }
    case 'file':
      return new FileReceiver({ path: entry.file ?? '' });
    case 'stderr':
      return new StderrReceiver();
  }
}

type Target = typeof WITHOUT_TLS | { readonly tls: TlsSettings };

/** How a receiver is spoken to: over TLS, unless the policy says otherwise. */
export async function targetOf(
  entry: Omit<SinkEntry, 'type' | 'url'>,
  lookUp: (reference: SecretRef) => Promise<Secret>,
): Promise<Target> {
  return entry.dangerouslyWithoutTls === true ? WITHOUT_TLS : { tls: await tlsOf(entry, lookUp) };
}

async function natsAuth(
  { token, user, password, credentials }: SinkEntry,
  optional: (reference: SecretRef | undefined) => Promise<Secret | undefined>,
): Promise<NatsAuth | undefined> {
  const [byToken, byPassword, byFile] = await Promise.all([token, password, credentials].map(optional));
  if (byToken !== undefined) return { token: byToken };
  if (byFile !== undefined) return { credentials: byFile };
  return user !== undefined && byPassword !== undefined ? { user, password: byPassword } : undefined;
}

async function tlsOf(
  entry: Omit<SinkEntry, 'type' | 'url'>,
  lookUp: (reference: SecretRef) => Promise<Secret>,
): Promise<TlsSettings> {
  const { ca, certificate, serverName, dangerouslyAllowUnauthorized } = entry;
  const key = entry.key === undefined ? undefined : await lookUp(entry.key);
  return {
    ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
    ...(certificate !== undefined && { certificate: await readFile(certificate, 'utf8') }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
    ...(dangerouslyAllowUnauthorized !== undefined && { dangerouslyAllowUnauthorized }),
  };
}

function syslogOf({ appName, facility, messageBytes }: SinkEntry): {
  readonly hostname: string;
  readonly appName?: string;
  readonly facility?: number;
  readonly messageBytes?: number;
} {
  return {
    hostname: hostname().replace(/[^!-~]/g, '-') || 'localhost',
    ...(appName !== undefined && { appName }),
    ...(facility !== undefined && { facility }),
    ...(messageBytes !== undefined && { messageBytes }),
  };
}
