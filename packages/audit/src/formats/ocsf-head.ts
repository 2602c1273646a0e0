import type { Action, Classification, Severity } from './classification.ts';
import { PRODUCT } from './formatter.ts';
import { jsonLine } from './visible-text.ts';

export const OCSF_VERSION = '1.8.0';

/** A class with one of its activities, by the numbers and captions of the schema. */
export interface OcsfActivity {
  readonly classUid: 2004 | 3002 | 3003 | 6002 | 6003;
  readonly id: number;
  /** The caption of the id; for 99 (Other) a word of our own. */
  readonly name: string;
}

interface OcsfClass {
  readonly name: string;
  readonly category: string;
  readonly profiles: readonly string[];
}

const CLASSES: Readonly<Record<OcsfActivity['classUid'], OcsfClass>> = {
  2004: { name: 'Detection Finding', category: 'Findings', profiles: ['security_control', 'datetime'] },
  3002: {
    name: 'Authentication',
    category: 'Identity & Access Management',
    profiles: ['security_control', 'datetime'],
  },
  3003: {
    name: 'Authorize Session',
    category: 'Identity & Access Management',
    profiles: ['security_control', 'datetime'],
  },
  6002: {
    name: 'Application Lifecycle',
    category: 'Application Activity',
    profiles: ['security_control', 'datetime'],
  },
  6003: {
    name: 'API Activity',
    category: 'Application Activity',
    profiles: ['ai_operation', 'trace', 'security_control', 'datetime'],
  },
};

const SEVERITIES: Readonly<Record<Severity, string>> = {
  1: 'Informational',
  2: 'Low',
  3: 'Medium',
  4: 'High',
  5: 'Critical',
};

export const STATUSES: Readonly<Record<Classification['result'], object>> = {
  success: { status_id: 1, status: 'Success' },
  failure: { status_id: 2, status: 'Failure' },
  unknown: { status_id: 99, status: 'Attempted' },
};

/** Profile security_control. There is no caption for a call whose texts were redacted, nor for one that was given up. */
export const ACTIONS: Readonly<Record<Action, object>> = {
  observed: { action_id: 3, action: 'Observed', disposition_id: 17, disposition: 'Logged' },
  allowed: { action_id: 1, action: 'Allowed', disposition_id: 1, disposition: 'Allowed' },
  modified: { action_id: 4, action: 'Modified', disposition_id: 99, disposition: 'Redacted' },
  detected: { action_id: 3, action: 'Observed', disposition_id: 15, disposition: 'Detected' },
  denied: { action_id: 2, action: 'Denied', disposition_id: 2, disposition: 'Blocked' },
  cancelled: { action_id: 99, action: 'Cancelled', disposition_id: 99, disposition: 'Cancelled' },
};

export function ocsfProduct(version: string): object {
  return { name: PRODUCT, vendor_name: PRODUCT, version };
}

/**
 * The constant beginning of an event: all that its class, activity and state say, up to the members of `metadata` that
 * differ from record to record. `uid` follows.
 */
export function ocsfHead(
  { classUid, id, name }: OcsfActivity,
  severity: Severity,
  { state, code, more }: { readonly state: object; readonly code: string; readonly more: object },
  product: object,
): string {
  const { name: className, category, profiles } = CLASSES[classUid];
  const event = {
    category_uid: Math.floor(classUid / 1000),
    category_name: category,
    class_uid: classUid,
    class_name: className,
    activity_id: id,
    activity_name: name,
    type_uid: classUid * 100 + id,
    type_name: `${className}: ${id === 99 ? 'Other' : name}`,
    severity_id: severity,
    severity: SEVERITIES[severity],
    ...state,
    timezone_offset: 0,
    ...more,
    metadata: {
      version: OCSF_VERSION,
      product,
      profiles,
      log_name: classUid === 2004 ? 'alert' : 'audit',
      log_provider: PRODUCT,
      event_code: code,
    },
  };
  // Without the braces that close the metadata and the event.
  return jsonLine(JSON.stringify(event).slice(0, -2));
}
