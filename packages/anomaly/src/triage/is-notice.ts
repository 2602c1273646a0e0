import type { AlertFacts } from '@sallyport/audit';
import type { MoreAlerts, Notice } from './notice.ts';
import { SEVERITIES } from './severity.ts';

/** Whether a value that was read from a file is an alert. */
export function isAlert(value: unknown): value is AlertFacts {
  if (!isObject(value)) return false;
  const { measure, records } = value;
  return (
    ['id', 'time', 'server', 'title'].every((member) => typeof value[member] === 'string') &&
    ['subject', 'target', 'runbook'].every((member) => isTextOrAbsent(value[member])) &&
    isSeverity(value['severity']) &&
    isRule(value['rule']) &&
    (value['method'] === 'rule' || value['method'] === 'statistical') &&
    typeof value['quarantined'] === 'boolean' &&
    isList(records, (one) => typeof one === 'string') &&
    (measure === undefined || isMeasure(measure))
  );
}

export function isMoreAlerts(value: unknown): value is MoreAlerts {
  return isObject(value) && isRule(value['rule']) && isSeverity(value['severity']) && isCount(value['count']);
}

/** Whether a value that was read from a file is a notice. */
export function isNotice(value: unknown): value is Notice {
  if (!isObject(value)) return false;
  const { id, group, alerts, repeated, more } = value;
  return (
    typeof id === 'string' &&
    typeof group === 'string' &&
    isList(alerts, isAlert) &&
    alerts.length > 0 &&
    isCount(repeated) &&
    (more === undefined || isList(more, isMoreAlerts))
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList<T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[];
export function isList(value: unknown, is: (one: unknown) => boolean): value is readonly unknown[];
export function isList(value: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

/** A whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRule(value: unknown): value is AlertFacts['rule'] {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string';
}

function isSeverity(value: unknown): boolean {
  return SEVERITIES.some((severity) => severity === value);
}

function isMeasure(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    typeof value['observed'] === 'number' &&
    typeof value['baseline'] === 'number'
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
