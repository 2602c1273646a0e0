import type { Detector, StateLength } from '../detector.ts';
import type { Evidence } from './evidence.ts';
import type { PrincipalTable } from './principal-table.ts';
import type { Profile } from './profile.ts';
import { count, finite, list, numbers, object, text } from './saved-values.ts';
import { createProfile, Tenant } from './tenant.ts';
import { SAVED_FORMAT, SAVED_VERSION } from './watch-parts.ts';
import { WatchStateError } from './watch-state-error.ts';

const TOLD: StateLength = { least: 3, most: 3 };
const NO_STATE: StateLength = { least: 0, most: 0 };

export interface Into {
  readonly detectors: readonly Detector[];
  readonly traitsOf: (tool: string) => number;
  readonly table: PrincipalTable;
  readonly evidence: Evidence;
}

/**
 * Fills an empty table with what was saved as a whole; see `SavedReader`.
 *
 * @throws WatchStateError
 */
export function readSaved(saved: unknown, into: Into): { readonly clock: number; readonly cursor: unknown } {
  const state = object(typeof saved === 'string' ? parsed(saved) : saved, 'it');
  const reader = new SavedReader(into);
  reader.take(['watch', state]);
  for (const one of list(state['servers'], 'servers')) {
    reader.take(['server', one]);
    for (const tool of list(object(one, 'a server')['tools'], 'tools')) reader.take(['tool', tool]);
  }
  for (const one of list(state['principals'], 'principals')) reader.take(['principal', one]);
  reader.take(['evidence', state['evidence']]);
  return { clock: reader.end(), cursor: state['cursor'] };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new WatchStateError('it is no JSON, or not all of it is there');
  }
}

/**
 * Fills an empty table with what was saved, part by part (see `WatchPart`). Detectors that were off then begin to learn, and
 * what was learned for those that are off now is left out.
 */
export class SavedReader {
  readonly #into: Into;
  /** Where the state of each detector stands in what was saved; -1: it was off. Undefined before the head. */
  #places: readonly number[] | undefined;
  #clock = 0;
  #evicted = 0;
  readonly #servers: Tenant[] = [];
  readonly #principals: Profile[] = [];

  constructor(into: Into) {
    this.#into = into;
  }

  /** @throws WatchStateError for what is no part, or not in its place */
  take([kind, saved]: readonly [kind: unknown, saved: unknown]): void {
    if (kind === 'watch') this.#head(object(saved, 'it'));
    else if (this.#places === undefined) throw new WatchStateError('it does not begin with its head');
    else if (kind === 'server') this.#server(object(saved, 'a server'));
    else if (kind === 'tool') this.#tool(list(saved, 'a tool'));
    else if (kind === 'principal') this.#principal(object(saved, 'a principal'));
    else if (kind === 'evidence') this.#evidence(list(saved, 'evidence'));
    else throw new WatchStateError('it has a part that this version does not know');
  }

  /** @returns the time of the last record. @throws WatchStateError when nothing was taken */
  end(): number {
    if (this.#places === undefined) throw new WatchStateError('it is empty');
    this.#into.table.evicted += this.#evicted;
    return this.#clock;
  }

  #head(saved: Readonly<Record<string, unknown>>): void {
    if (saved['format'] !== SAVED_FORMAT) throw new WatchStateError('it is not the state of a watch');
    if (saved['version'] !== SAVED_VERSION)
      throw new WatchStateError(
        `it was written by another version of this program, not version ${String(SAVED_VERSION)}`,
      );
    const detectors = list(saved['detectors'], 'detectors');
    this.#places = this.#into.detectors.map(({ id }) => detectors.indexOf(id));
    this.#clock = count(saved['clock'], 'clock');
    this.#evicted = count(saved['evicted'], 'evicted');
  }

  #server(saved: Readonly<Record<string, unknown>>): void {
    const { table } = this.#into;
    const name = text(saved['name'], 'the name of a server');
    if (table.tenants.has(name)) throw new WatchStateError('a server is in it twice');
    const tenant = table.tenant(name, count(saved['first'], 'first'));
    this.#servers.push(tenant);
    tenant.last = count(saved['last'], 'last');
    tenant.calls = count(saved['calls'], 'calls');
    this.#states(saved['states'], tenant.states, ({ lengths }) => lengths.group);
    this.#profile(object(saved['everybody'], 'everybody'), tenant.everybody);
  }

  #tool([name, users, calls, states]: readonly unknown[]): void {
    const tenant = this.#servers.at(-1);
    if (tenant === undefined) throw new WatchStateError('a tool is of no server');
    const known = tenant.tools.size;
    const tool = tenant.tool(text(name, 'the name of a tool'), this.#into.traitsOf);
    if (tenant.tools.size === known)
      throw new WatchStateError('a tool is in it twice, or there are too many');
    tool.users = count(users, 'the users of a tool');
    tool.calls = count(calls, 'the calls of a tool');
    this.#states(states, tool.states, ({ lengths }) => lengths.tool ?? NO_STATE);
  }

  #principal(saved: Readonly<Record<string, unknown>>): void {
    const tenant = this.#servers[count(saved['server'], 'the server of a principal')];
    if (tenant === undefined) throw new WatchStateError('a principal is of no server');
    const subject = text(saved['subject'], 'the subject of a principal');
    if (subject === '' || tenant.principals.has(subject))
      throw new WatchStateError('a principal is in it twice');
    const profile = createProfile(tenant, subject, count(saved['first'], 'first'));
    profile.resident = saved['resident'] === true;
    this.#profile(saved, profile);
    this.#into.table.insert(profile);
    this.#principals.push(profile);
  }

  #profile(saved: Readonly<Record<string, unknown>>, profile: Profile): void {
    profile.first = count(saved['first'], 'first');
    profile.last = count(saved['last'], 'last');
    profile.calls = count(saved['calls'], 'calls');
    this.#states(saved['states'], profile.states, ({ lengths }) => lengths.own);
    this.#states(saved['told'], profile.told, () => TOLD);
  }

  #states(
    saved: unknown,
    states: (number[] | undefined)[],
    lengthOf: (detector: Detector) => StateLength,
  ): void {
    const given = list(saved, 'states');
    for (const [n, detector] of this.#into.detectors.entries()) {
      const place = this.#places?.[n] ?? -1;
      states.push(
        place < 0 ? undefined : numbers(given[place], `the state of ${detector.id}`, lengthOf(detector)),
      );
    }
  }

  #evidence(saved: readonly unknown[]): void {
    const forgotten = new Tenant('', 0).everybody;
    for (const one of saved) {
      const [id, whose, time, traits] = list(one, 'evidence');
      const at = finite(whose, 'whose evidence it is');
      const profile = at < 0 ? this.#servers[-1 - at]?.everybody : this.#principals[at];
      this.#into.evidence.add({
        id: text(id, 'the id of a record'),
        profile: profile ?? forgotten,
        time: finite(time, 'the time of evidence'),
        traits: count(traits, 'the traits of evidence'),
      });
    }
  }
}
