import type { AuditRecord } from '../audit-record.ts';
import { ALERT_SEVERITY, type AlertFacts } from './alert-facts.ts';
import { type Classification, classify } from './classification.ts';
import type { Formatter, FormatterOptions } from './formatter.ts';
import { text } from './json-text.ts';
import { CREATE_FINDING, ocsfActivity } from './ocsf-activity.ts';
import { ocsfApiActivity } from './ocsf-api-activity.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { ACTIONS, OCSF_VERSION, type OcsfActivity, ocsfHead, ocsfProduct, STATUSES } from './ocsf-head.ts';
import { ocsfBase, ocsfUnmapped, ocsfUnmappedCall } from './ocsf-parts.ts';
import { ocsfAuthentication, ocsfAuthorizeSession } from './ocsf-session.ts';
import { onceFor } from './once-for.ts';
import { jsonLine } from './visible-text.ts';
import type { WideRecord } from './wide-record.ts';

/** State of an alert: new, and either only raised or answered by a quarantine. */
const ALERT_STATES = {
  raised: {
    status_id: 1,
    status: 'New',
    action_id: 3,
    action: 'Observed',
    disposition_id: 19,
    disposition: 'Alert',
  },
  quarantined: {
    status_id: 1,
    status: 'New',
    action_id: 2,
    action: 'Denied',
    disposition_id: 3,
    disposition: 'Quarantined',
  },
} as const;

/** Open Cybersecurity Schema Framework 1.8.0. */
export function ocsfFormatter({ productVersion, endpoint = 'stdio' }: FormatterOptions): Formatter {
  const product = ocsfProduct(productVersion);
  const head = onceFor((of: Classification) =>
    onceFor((activity: OcsfActivity) => headOf(of, activity, { product, endpoint })),
  );
  return {
    name: 'ocsf',
    version: OCSF_VERSION,
    json: true,
    record: (record) => {
      const activity = ocsfActivity(record);
      const beginning = head(classify(record))(activity);
      return `${beginning}${metadataOf(record)}}${ocsfBase(record)}${membersOf(record, activity)}}`;
    },
    alert: (alert: AlertFacts) => {
      const state = ALERT_STATES[alert.quarantined ? 'quarantined' : 'raised'];
      const about = { state, code: 'alert', more: {} };
      const beginning = ocsfHead(CREATE_FINDING, ALERT_SEVERITY[alert.severity], about, product);
      const metadata = text('uid', alert.id) + text('original_time', alert.time);
      return `${beginning}${metadata}},${jsonLine(JSON.stringify(ocsfFinding(alert, product))).slice(1)}`;
    },
  };
}

/** Constant members of an event, by what is known of it and its class. */
function headOf(classification: Classification, activity: OcsfActivity, about: Surroundings): string {
  const { title, code, severity, result, action } = classification;
  const { product, endpoint } = about;
  const state = { ...STATUSES[result], ...(action && ACTIONS[action]) };
  const more = {
    message: title,
    ...(activity.classUid === 6003 && { src_endpoint: { name: endpoint } }),
    ...(activity.classUid === 6002 && { app: product }),
  };
  return ocsfHead(activity, severity, { state, code, more }, product);
}

interface Surroundings {
  readonly product: object;
  readonly endpoint: string;
}

function metadataOf(record: WideRecord): string {
  return (
    text('log_version', String(record.v)) +
    text('uid', record.id) +
    text('correlation_uid', record.call) +
    text('original_time', record.time)
  );
}

function membersOf(record: AuditRecord, { classUid }: OcsfActivity): string {
  if (classUid === 6003) return ocsfApiActivity(record) + ocsfUnmapped(record);
  const unmapped = ocsfUnmapped(record, ocsfUnmappedCall(record));
  if (classUid === 3002) return ocsfAuthentication(record) + unmapped;
  return classUid === 3003 ? ocsfAuthorizeSession(record) + unmapped : unmapped;
}
