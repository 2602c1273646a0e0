import { type AuditRecord, RECORD_MEMBERS, type RedactedCount } from '@sallyport/audit';

type Wide = Parameters<(typeof RECORD_MEMBERS)['id']>[0];

/** Something of a record that rules ask for. */
export interface Field {
  readonly name: string;
  /**
   * `texts`: several values, of which one has to match. `number`: numbers, and texts of numbers. `any`: what a detail
   * holds. `time`: when the record was written.
   */
  readonly kind: 'text' | 'texts' | 'number' | 'any' | 'time';
  /** Values hardly ever come twice, so nothing is remembered about them. Default: they do. */
  readonly unique?: boolean;
  /** All values that there are; a rule that asks for another one never matches. */
  readonly values?: readonly string[];
  /** Undefined where the record has no such member. */
  read(record: AuditRecord): unknown;
}

const TYPES = ['attempt', 'outcome', 'event'];
const STATUSES = ['ok', 'error', 'refused'];
const METHODS = ['none', 'process', 'token', 'custom'];

function member(
  name: keyof typeof RECORD_MEMBERS,
  kind: Field['kind'] = 'text',
  more: Pick<Field, 'unique' | 'values'> = {},
): Field {
  const read = RECORD_MEMBERS[name];
  return { name, kind, ...more, read };
}

function entries(of: 'redacted' | 'wouldRedact'): readonly Field[] {
  const counts = (record: AuditRecord): readonly RedactedCount[] | undefined => {
    const list = (record as Wide)[of];
    return Array.isArray(list) ? list : undefined;
  };
  const texts = (part: 'entity' | 'operator' | 'direction'): Field => ({
    name: `${of}.${part}`,
    kind: 'texts',
    read: (record) => counts(record)?.map((entry) => entry[part]),
  });
  const count: Field = {
    name: `${of}.count`,
    kind: 'number',
    unique: true,
    read: (record) => counts(record)?.reduce((sum, entry) => sum + entry.count, 0),
  };
  return [texts('entity'), texts('operator'), texts('direction'), count];
}

const UNIQUE = { unique: true } as const;

/** The taxonomy: every name that a rule may use, but `detail.<name>`. */
const FIELDS: readonly Field[] = [
  member('id', 'text', UNIQUE),
  member('time', 'time', UNIQUE),
  {
    name: 'time.weekday',
    kind: 'number',
    read: (record) => new Date(record.time).getUTCDay() || 7,
  },
  member('type', 'text', { values: TYPES }),
  member('server'),
  member('policy'),
  member('call', 'text', UNIQUE),
  member('direction', 'text', { values: ['inbound', 'outbound'] }),
  member('kind', 'text', { values: ['request', 'notification'] }),
  member('method'),
  member('target'),
  member('principal.subject'),
  member('principal.roles', 'texts'),
  member('principal.client'),
  member('principal.actor'),
  member('principal.method', 'text', { values: METHODS }),
  member('about'),
  member('arguments.sha256', 'text', UNIQUE),
  member('arguments.bytes', 'number', UNIQUE),
  member('status', 'text', { values: STATUSES }),
  member('refusal'),
  member('error', 'number'),
  member('decision.effect', 'text', { values: ['permit', 'deny'] }),
  member('decision.rule'),
  member('decision.at'),
  {
    name: 'wouldRefuse.code',
    kind: 'texts',
    read: (record) => (record as Wide).wouldRefuse?.map(({ code }) => code),
  },
  {
    name: 'wouldRefuse.layer',
    kind: 'texts',
    read: (record) => (record as Wide).wouldRefuse?.map(({ layer }) => layer),
  },
  member('filtered', 'number', UNIQUE),
  ...entries('redacted'),
  ...entries('wouldRedact'),
  member('executed.sha256', 'text', UNIQUE),
  member('executed.bytes', 'number', UNIQUE),
  member('result.sha256', 'text', UNIQUE),
  member('result.bytes', 'number', UNIQUE),
  member('durationMs', 'number', UNIQUE),
  member('event'),
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The names of the taxonomy, for messages and documents; `detail.<name>` is not among them. */
export const FIELD_NAMES: readonly string[] = FIELDS.map(({ name }) => name);

/** The field of a name; undefined when there is none. */
export function fieldNamed(name: string): Field | undefined {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const detail = /^detail\.([A-Za-z][\w-]{0,63})$/.exec(name)?.[1];
  if (detail === undefined) return undefined;
  return {
    name,
    kind: 'any',
    unique: true,
    read: (record) => {
      const all = (record as Wide).detail;
      return all !== undefined && Object.hasOwn(all, detail) ? all[detail] : undefined;
    },
  };
}
