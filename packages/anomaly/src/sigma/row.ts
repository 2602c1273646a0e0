import type { AuditRecord } from '@sallyport/audit';
import { Column, type Facts } from './column.ts';
import type { Field } from './fields.ts';

const NOTHING: readonly Facts[] = [];
const UNREAD = Symbol('unread');

/** The record that is looked at now, by column; each member is read once, when a rule first asks for it. */
export class Row {
  readonly #columns: Column[] = [];
  readonly #slots = new Map<string, Column>();
  #guards: readonly Column[] | undefined;
  readonly #candidates: (readonly number[])[] = [];
  #record: AuditRecord | undefined;
  readonly #raw: unknown[] = [];
  readonly #facts: (Facts | readonly Facts[] | undefined)[] = [];

  column(field: Field): Column {
    let column = this.#slots.get(field.name);
    if (column === undefined) {
      column = new Column(field, this.#columns.length);
      this.#columns.push(column);
      this.#slots.set(field.name, column);
    }
    return column;
  }

  /** Has a rule looked at whenever a record passes a test. */
  guard(slot: number, test: number, rule: number): void {
    this.#columns[slot]?.guard(test, rule);
  }

  /** The next record; what was read of the one before is forgotten. */
  turnTo(record: AuditRecord): void {
    this.#record = record;
    for (let slot = 0; slot < this.#columns.length; slot += 1) {
      this.#raw[slot] = UNREAD;
      this.#facts[slot] = undefined;
    }
  }

  /** The rules that each of the values brings into play; some stand in several lists. */
  candidates(): readonly (readonly number[])[] {
    this.#guards ??= this.#columns.filter((column) => column.guards);
    const lists = this.#candidates;
    lists.length = 0;
    for (const { slot } of this.#guards) {
      const facts = this.#factsAt(slot);
      if (!isList(facts)) lists.push(facts.rules);
      else for (const one of facts) lists.push(one.rules);
    }
    return lists;
  }

  /** The value as it stands in the record; undefined when it has none. */
  raw(slot: number): unknown {
    if (this.#raw[slot] === UNREAD) {
      const value = this.#record === undefined ? undefined : this.#columns[slot]?.field.read(this.#record);
      this.#raw[slot] = value ?? undefined;
    }
    return this.#raw[slot];
  }

  passes(slot: number, test: number): boolean {
    const facts = this.#factsAt(slot);
    return isList(facts) ? facts.some((one) => one.passed[test] === true) : facts.passed[test] === true;
  }

  #factsAt(slot: number): Facts | readonly Facts[] {
    const known = this.#facts[slot];
    if (known !== undefined) return known;
    const facts = this.#read(slot);
    this.#facts[slot] = facts;
    return facts;
  }

  #read(slot: number): Facts | readonly Facts[] {
    const column = this.#columns[slot] as Column;
    const raw = this.raw(slot);
    if (typeof raw === 'string') return column.factsOf(raw);
    if (raw === undefined) return NOTHING;
    if (Array.isArray(raw)) {
      const all: Facts[] = [];
      for (const value of raw as readonly unknown[])
        if (isScalar(value)) all.push(column.factsOf(typeof value === 'string' ? value : String(value)));
      return all;
    }
    return isScalar(raw) ? column.factsOf(String(raw)) : NOTHING;
  }
}

function isList(facts: Facts | readonly Facts[]): facts is readonly Facts[] {
  return Array.isArray(facts);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
