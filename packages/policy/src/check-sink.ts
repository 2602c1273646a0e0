import { sep } from 'node:path';
import type { AlertSinkEntry, ChatType } from './alerts-section.ts';
import type { SinkEntry } from './audit-section.ts';
import type { SecretRef } from './policy-file.ts';
import type { Problem } from './problem.ts';
import type { Path } from './yaml-source.ts';

/** A sink of `audit` or of `alerts`. */
export type AnySinkEntry = Omit<SinkEntry, 'type' | 'url'> & AlertSinkEntry;

/** Something odd in one sink, with the way to it from the sink. */
export interface Odd {
  readonly at: Path;
  readonly message: string;
  readonly severity?: Problem['severity'];
}

interface Taken {
  readonly needs: readonly (keyof AnySinkEntry)[];
  readonly takes: readonly (keyof AnySinkEntry)[];
}

const COMMON = ['type', 'only', 'batchRecords', 'spoolMegabytes', 'spoolDays', 'least'] as const;
const TLS = [
  'ca',
  'certificate',
  'key',
  'serverName',
  'dangerouslyWithoutTls',
  'dangerouslyAllowUnauthorized',
] as const;
const SYSLOG = ['appName', 'facility', 'messageBytes'] as const;

const SINKS: Readonly<Record<AnySinkEntry['type'], Taken>> = {
  syslog: { needs: ['address'], takes: ['format', ...TLS, ...SYSLOG] },
  relp: { needs: ['address'], takes: ['format', ...TLS, ...SYSLOG] },
  splunk: { needs: ['url', 'token'], takes: ['format', ...TLS, 'index', 'sourcetype'] },
  elasticsearch: { needs: ['url', 'index'], takes: ['format', ...TLS, 'authorization'] },
  webhook: { needs: ['url', 'secret'], takes: ['format', ...TLS] },
  otlp: { needs: ['url'], takes: ['format', ...TLS, 'authorization'] },
  nats: { needs: ['url', 'subject'], takes: ['format', ...TLS, 'token', 'user', 'password', 'credentials'] },
  file: { needs: ['file'], takes: ['format'] },
  stderr: { needs: [], takes: ['format'] },
  alertmanager: { needs: ['url'], takes: [...TLS, 'authorization', 'resolveMinutes'] },
  slack: { needs: ['url'], takes: [...TLS] },
  mattermost: { needs: ['url'], takes: [...TLS] },
};

const OF_TLS = ['ca', 'certificate', 'key', 'serverName', 'dangerouslyAllowUnauthorized'] as const;
// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create
const INDEX = /^(?![-_+.])[^A-Z\\/*?"<>| ,#:\p{Cc}]{1,255}$/u;
/** Receivers that have paths of their own. */
const NO_PATH: ReadonlySet<AnySinkEntry['type']> = new Set(['splunk', 'elasticsearch', 'nats']);

/** Formats that are one JSON object a line, which is all that some receivers take. */
const JSON_FORMATS: ReadonlySet<string> = new Set(['ocsf', 'ecs', 'json']);
const JSON_ONLY: ReadonlySet<AnySinkEntry['type']> = new Set(['elasticsearch']);

/** Whether the address of a sink is a secret, and so a reference. */
export function isChat(type: AnySinkEntry['type']): type is ChatType {
  return type === 'slack' || type === 'mattermost';
}

/** What the members of a sink have to do with each other. */
export function oddInSink(entry: AnySinkEntry): readonly Odd[] {
  const { type, format = 'ocsf', address, url, only } = entry;
  const { needs, takes } = SINKS[type];
  const known = new Set<string>([...COMMON, ...needs, ...takes]);
  const odd: Odd[] = [];
  for (const member of needs) {
    if (entry[member] === undefined)
      odd.push({ at: [], message: `a sink of type ${type} needs "${member}"; add it` });
  }
  for (const member of Object.keys(entry)) {
    if (!known.has(member))
      odd.push({ at: [member], message: `a sink of type ${type} takes no "${member}"; remove it` });
  }
  if (address !== undefined && splitAddress(address) === undefined)
    odd.push({ at: ['address'], message: '"address" is a host and a port; write siem.example:6514' });
  if (url !== undefined && !isChat(type)) odd.push(...oddUrl(entry, url));
  if (JSON_ONLY.has(type) && !JSON_FORMATS.has(format))
    odd.push({ at: ['format'], message: `${type} takes JSON; write ocsf, ecs or json` });
  if ((entry.certificate === undefined) !== (entry.key === undefined))
    odd.push({ at: [], message: 'a client certificate needs both: "certificate" and "key"' });
  for (const [list, values] of Object.entries(only ?? {})) {
    if (values.length === 0)
      odd.push({ at: ['only', list], message: 'nothing agrees with an empty list; leave it out' });
  }
  if (entry.dangerouslyWithoutTls === true) {
    for (const member of OF_TLS) {
      if (entry[member] !== undefined)
        odd.push({
          at: [member],
          message: `there is no TLS that "${member}" could be for; remove one of the two`,
        });
    }
  }
  if (entry.index !== undefined && type === 'elasticsearch' && !INDEX.test(entry.index))
    odd.push({
      at: ['index'],
      message: '"index" is a name in small letters, such as logs-sallyport-default',
    });
  if (entry.appName !== undefined && !/^[!-~]{1,48}$/.test(entry.appName))
    odd.push({ at: ['appName'], message: '"appName" has 1 to 48 letters, digits and signs without a space' });
  if (entry.subject !== undefined && !/^[^\s*>.]+(?:\.[^\s*>.]+)*$/.test(entry.subject))
    odd.push({ at: ['subject'], message: '"subject" is words with dots, such as audit.sallyport' });
  if (entry.dangerouslyWithoutTls === true && !isHere(address ?? String(url)))
    odd.push({
      at: ['dangerouslyWithoutTls'],
      message: 'whoever is on the way can read and change every record',
      severity: 'warning',
    });
  if (entry.dangerouslyAllowUnauthorized === true)
    odd.push({
      at: ['dangerouslyAllowUnauthorized'],
      message: 'anybody may answer as the receiver, read every record and acknowledge it; write "ca"',
      severity: 'warning',
    });
  return odd;
}

function oddUrl({ type, dangerouslyWithoutTls }: AnySinkEntry, url: SecretRef): readonly Odd[] {
  const at = ['url'];
  const [safe, bare] = type === 'nats' ? ['tls:', 'nats:'] : ['https:', 'http:'];
  let parsed: URL;
  try {
    if (typeof url !== 'string') throw new TypeError('A list.');
    parsed = new URL(url);
  } catch {
    return [{ at, message: `"url" is no address; write ${safe}//...` }];
  }
  if (parsed.username !== '' || parsed.password !== '')
    return [{ at, message: 'a password does not belong into a policy; write it as a reference instead' }];
  if (NO_PATH.has(type) && parsed.pathname.length > 1)
    return [{ at, message: `"url" is that of the server; write it without "${parsed.pathname}"` }];
  if (parsed.protocol === safe) return [];
  if (parsed.protocol !== bare) return [{ at, message: `"url" has to begin with ${safe}//` }];
  return dangerouslyWithoutTls === true
    ? []
    : [
        {
          at,
          message: `records would go unencrypted; write ${safe}//..., or add "dangerouslyWithoutTls: true"`,
        },
      ];
}

function isHere(place: string): boolean {
  const host = splitAddress(place)?.host ?? (URL.canParse(place) ? new URL(place).hostname : undefined);
  return host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
}

/** `host:port`, `[2001:db8::1]:6514`. */
export function splitAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** Whether a path is that of a folder, or leads into it. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
