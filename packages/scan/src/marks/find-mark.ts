/** Whose mark it is: ours, or one that people have in their files from another scanner. */
export type MarkKind = 'sallyport' | 'gitleaks' | 'detect-secrets';

/** A comment that says that what stands on a line is no leak. */
export interface Mark {
  readonly kind: MarkKind;
  /** Why; absent where nothing is said. The marks of others have no place for it. */
  readonly reason?: string;
}

/** Where a credential stands, with the line before, as a raw finding has it. */
export interface MarkedPlace {
  readonly rule: string;
  readonly lineText: string;
  readonly start: number;
  readonly end: number;
  readonly lineBefore?: string;
}

/** `sallyport:allow <rule>[,<rule>] reason`, with `*` for any rule. */
const OWN =
  /\bsallyport:allow(-next-line)?[ \t]{1,8}(\*|[a-z0-9][a-z0-9-]{0,63}(?:,[a-z0-9][a-z0-9-]{0,63}){0,15})(?=[\s"'`,;)}]|\*\/|--|$)([^\n]{0,1024})/g;
/** https://github.com/gitleaks/gitleaks#gitleaksallow */
const GITLEAKS = /\bgitleaks:allow\b/g;
/** https://github.com/Yelp/detect-secrets#inline-allowlisting */
const PRAGMA = /\bpragma: ?(?:allow|white)list(?:[ -](nextline))?[ -]secret\b/gi;
/** What ends a comment, and is no reason. */
const CLOSERS = /(?:\*\/|--+>|[#%*]\}|["'`,;)\]}\s])+$/;

/**
 * The mark that covers a credential: on the line that it begins in, or a next-line mark on the line before. Our own covers
 * only the rules that it names, so that another credential on the same line is still reported; those of others cover all.
 * What is written inside the credential is no mark.
 */
export function findMark(place: MarkedPlace): Mark | undefined {
  const { lineText, lineBefore = '' } = place;
  return (
    ownMark(lineText, false, place) ??
    ownMark(lineBefore, true, place) ??
    otherMark(lineText, false, place) ??
    otherMark(lineBefore, true, place)
  );
}

function ownMark(line: string, isNext: boolean, place: MarkedPlace): Mark | undefined {
  if (!line.includes('sallyport:allow')) return undefined;
  for (const { index, 1: next, 2: rules = '', 3: rest = '' } of line.matchAll(OWN)) {
    if ((next !== undefined) !== isNext || (!isNext && isInside(index, place))) continue;
    if (rules !== '*' && !rules.split(',').includes(place.rule)) continue;
    const reason = rest.replace(CLOSERS, '').trim();
    return { kind: 'sallyport', ...(/[A-Za-z]{2}/.test(reason) && { reason }) };
  }
  return undefined;
}

function otherMark(line: string, isNext: boolean, place: MarkedPlace): Mark | undefined {
  if (!isNext && line.includes('gitleaks:allow')) {
    for (const { index } of line.matchAll(GITLEAKS)) if (!isInside(index, place)) return { kind: 'gitleaks' };
  }
  for (const { index, 1: next } of line.matchAll(PRAGMA)) {
    if ((next !== undefined) === isNext && (isNext || !isInside(index, place)))
      return { kind: 'detect-secrets' };
  }
  return undefined;
}

function isInside(index: number, { start, end }: MarkedPlace): boolean {
  return index >= start && index < end;
}
