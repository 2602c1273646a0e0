import type { AuditRecord } from '../audit-record.ts';
import type { AlertFacts } from './alert-facts.ts';

/** Turns records and alerts into lines of one format. It keeps nothing of what it has seen, and throws for no record. */
export interface Formatter {
  readonly name: FormatName;
  /** Of the format, as pinned: `1.8.0`. */
  readonly version: string;
  /** Whether a line is a JSON object. The other formats are text lines for syslog. */
  readonly json: boolean;
  /** One line without its end; never holds a line feed or a carriage return. */
  record(record: AuditRecord): string;
  /** One line without its end; never holds a line feed or a carriage return. */
  alert(alert: AlertFacts): string;
}

export type FormatName = 'ocsf' | 'ecs' | 'cef' | 'leef' | 'json';

export interface FormatterOptions {
  /** The version of Sallyport that writes, such as `1.2.0`. */
  readonly productVersion: string;
  /** Where calls come from; records hold no address. Default: `stdio`. */
  readonly endpoint?: string;
}

/** Vendor and product in every format. */
export const PRODUCT = 'Sallyport';
