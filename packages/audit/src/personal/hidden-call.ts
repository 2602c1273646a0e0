import { ANONYMOUS, type Call, type RevealedSecrets } from '@sallyport/core';
import type { AttemptRecord, OutcomeRecord } from '../audit-record.ts';
import { type Appearance, type CallValues, digestsOf, sha256Of } from './appearance.ts';
import { concealJson } from './conceal-json.ts';
import { isKnownMethod, looksLikeMethod } from './method-words.ts';
import type { NameHider } from './name-hider.ts';
import type { PersonalSettings } from './personal-options.ts';
import { SEALED, type SealedName } from './sealed-values.ts';
import type { SubjectKey } from './subject-key.ts';

export interface HidingOptions {
  readonly settings: PersonalSettings;
  /** Whether values are sealed, beside their digests. */
  readonly sealsValues: boolean;
  /** Values that nothing may show, sealed or not. Default: none. */
  readonly revealed: RevealedSecrets | undefined;
}

/** The keys of the people of a call; undefined where there is nobody, or the one before. */
interface People {
  readonly subject: SubjectKey | undefined;
  readonly actor: SubjectKey | undefined;
  /** Whose the values are. */
  readonly about: SubjectKey;
}

const SCHEME = /^[a-z][a-z0-9+.-]{0,31}:/i;

/**
 * Finds, or makes, the keys of the people of a call. At once when they are in memory.
 *
 * @returns what fails when the keys cannot be read or written
 */
export function hide(call: Call, options: HidingOptions): Appearance | Promise<Appearance> {
  const { keys, about: aboutOf } = options.settings;
  const { subject, actor } = call.principal;
  const isSomebody = subject !== ANONYMOUS.subject;
  const about = aboutOf?.(call);
  const ofSubject = about === undefined || isSomebody ? keys.keyOf(subject) : undefined;
  const ofActor = actor === undefined ? undefined : keys.keyOf(actor);
  const ofAbout = about === undefined ? ofSubject : keys.keyOf(about);
  const made = (one: Key, two: Key, three: Key): Appearance =>
    // There is one of a subject or of whom it is about.
    new HiddenCall(call, options, {
      subject: isSomebody ? one : undefined,
      actor: two,
      about: three as SubjectKey,
    });
  if (ofSubject instanceof Promise || ofActor instanceof Promise || ofAbout instanceof Promise) {
    const all = [Promise.resolve(ofSubject), Promise.resolve(ofActor), Promise.resolve(ofAbout)] as const;
    return Promise.all(all).then((keys) => made(...keys));
  }
  return made(ofSubject, ofActor, ofAbout);
}

type Key = SubjectKey | undefined;

/** People appear by their pseudonyms; values as HMAC under the key of the person they are about, and sealed with it. */
class HiddenCall implements Appearance {
  readonly #call: Pick<Call, 'method' | 'params'>;
  readonly #options: HidingOptions;
  readonly #people: People;
  /** Digest of the arguments that the attempt has. */
  #received: string | undefined;

  constructor(call: Pick<Call, 'method' | 'params'>, options: HidingOptions, people: People) {
    this.#call = call;
    this.#options = options;
    this.#people = people;
  }

  target(named: string, isUri: boolean): string {
    // Names of tools and prompts are the server's; the id of a task may be made of what the task is about.
    if (!isUri && this.#task === undefined) return this.#text(named);
    if (this.#options.settings.uris === 'plain') return this.#text(named, 'anywhere');
    const scheme = isUri ? (SCHEME.exec(named)?.[0] ?? '') : '';
    return `${this.#text(scheme)}...${this.#digest(named)}`;
  }

  finish<R extends AttemptRecord | OutcomeRecord>(record: R, values: CallValues): R {
    const { subject, actor, about } = this.#people;
    const { principal } = record;
    const { decision } = record as OutcomeRecord;
    const digests = digestsOf(values, (json) => about.digest(json));
    if (record.type === 'attempt') this.#received = digests.arguments?.sha256;
    const plain = this.#plain(values, digests.executed?.sha256 === this.#received);
    return {
      ...record,
      method: this.#method,
      principal: {
        ...principal,
        ...(subject !== undefined && { subject: subject.pseudonym }),
        ...(actor !== undefined && { actor: actor.pseudonym }),
        roles: principal.roles.map((role) => this.#text(role)),
        ...(principal.client !== undefined && { client: this.#text(principal.client) }),
      },
      ...(decision?.rule !== undefined && { decision: { ...decision, rule: this.#text(decision.rule) } }),
      ...digests,
      about: about.pseudonym,
      ...(plain !== undefined && {
        [SEALED]: about.seal(plain, { record: record.id, member: SEALED }),
      }),
    };
  }

  get #method(): string {
    const { method } = this.#call;
    if (isKnownMethod(method)) return method;
    return this.#hidesMethod ? this.#digest(method) : this.#text(method);
  }

  /** Whoever calls writes what it likes into a method that nobody knows. */
  get #hidesMethod(): boolean {
    return !isKnownMethod(this.#call.method) && !looksLikeMethod(this.#call.method);
  }

  /** The id of the task that is named; undefined for none. */
  get #task(): string | undefined {
    const { method, params } = this.#call;
    const { taskId } = params;
    return method.startsWith('tasks/') && typeof taskId === 'string' ? taskId : undefined;
  }

  #digest(text: string): string {
    return `(hmac-sha256 ${this.#people.about.digest(text).sha256})`;
  }

  /** What is sealed; undefined for nothing. */
  #plain(values: CallValues, ranAsReceived: boolean): string | undefined {
    const { settings, sealsValues } = this.#options;
    const members: string[] = [];
    const cut: string[] = [];
    const take = (name: SealedName, json: string | undefined): void => {
      if (json === undefined) return;
      const shown = this.#sealable(json);
      if (shown !== undefined) members.push(`"${name}":${shown}`);
      else cut.push(`"${name}":${JSON.stringify(sha256Of(json))}`);
    };
    if (this.#hidesMethod) take('method', JSON.stringify(this.#call.method));
    if (settings.uris === 'sealed') {
      take('uri', values.uri === undefined ? undefined : JSON.stringify(values.uri));
      take('task', this.#task === undefined ? undefined : JSON.stringify(this.#task));
    }
    if (sealsValues) {
      take('arguments', values.arguments);
      if (!ranAsReceived) take('executed', values.executed);
      take('result', values.result);
    }
    if (cut.length > 0) members.push(`"cut":{${cut.join(',')}}`);
    return members.length > 0 ? `{${members.join(',')}}` : undefined;
  }

  /** JSON without revealed secrets; undefined for what is too long, or too deep to be taken apart. */
  #sealable(json: string): string | undefined {
    const { revealed, settings } = this.#options;
    // Before the work is done: no text has fewer bytes than characters.
    if (json.length > settings.maxSealedBytes) return undefined;
    try {
      const shown = revealed === undefined || revealed.size === 0 ? json : concealJson(json, revealed);
      return Buffer.byteLength(shown) <= settings.maxSealedBytes ? shown : undefined;
    } catch {
      return undefined;
    }
  }

  /** A text in which a name may stand. */
  #text(text: string, where: keyof NameHider = 'words'): string {
    const { subject, actor, about } = this.#people;
    let shown = subject === undefined ? text : subject.hide(text, where);
    if (actor !== undefined) shown = actor.hide(shown, where);
    return about === subject || about.name === ANONYMOUS.subject ? shown : about.hide(shown, where);
  }
}
