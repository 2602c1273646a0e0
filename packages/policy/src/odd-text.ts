import { looksLikeReference, SCHEMES } from '@sallyport/secrets';
import { nearest } from './nearest.ts';
import type { SecretRef } from './policy-file.ts';
import type { Problem } from './problem.ts';

type Odd = Pick<Problem, 'message' | 'severity'>;

/**
 * What is odd about a text that a server would get as it stands: it was meant as a reference, or is a credential in the
 * open. Undefined for the others. `literal:` before a text says that it is meant. No message shows the text.
 */
export function oddText(
  variable: string,
  text: string,
  names: Readonly<Record<string, SecretRef>>,
): Odd | undefined {
  if (looksLikeReference(text)) return undefined;
  const slip = slipOf(text);
  if (slip !== undefined) return { message: slip, severity: 'error' };
  if (Object.hasOwn(names, text)) {
    const message = `"${text}" is one of secrets.names, which are for secrets.get() in code; write the reference itself`;
    return { message, severity: 'error' };
  }
  return isCredential(variable, text)
    ? {
        message: `the value of ${variable} stands in the policy; ${howToMove(variable)}`,
        severity: 'warning',
      }
    : undefined;
}

function howToMove(variable: string): string {
  const name = variable.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `run "sallyport secrets set ${name}" and write keystore:${name}, or literal:... if it is no secret`;
}

function slipOf(text: string): string | undefined {
  const inside = /^(['"])(.*)\1$/s.exec(text)?.[2] ?? /^\$\{(.*)\}$/s.exec(text)?.[1];
  if (inside !== undefined && looksLikeReference(inside)) return 'take away what stands around the reference';
  const variable = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))$/.exec(text);
  if (variable !== null) return `no variables are filled in here; write env:${variable[1] ?? variable[2]}`;
  const [, scheme = '', slashes = ''] =
    /^([A-Za-z][A-Za-z0-9-]*)(?:\+[A-Za-z0-9_-]+)?:(\/\/)?/.exec(text) ?? [];
  if (scheme === '') return undefined;
  const small = scheme.toLowerCase();
  if (SCHEMES.includes(small)) return `schemes are written in small letters; write ${small}:`;
  // A short scheme is a slip of the finger away from much that is meant: `dev:8080`.
  const meant = nearest(
    scheme,
    SCHEMES.filter(({ length }) => length > 4),
  );
  return meant === undefined
    ? undefined
    : `"${scheme}:${slashes}" is no provider of secrets; did you mean "${meant}"? (literal:... passes a text as it is)`;
}

/** Names of variables that mostly hold credentials. */
const SECRET_NAME =
  /(?:^|[_-])(?:key|token|secret|passw(?:or)?d|pwd|credentials?|auth)s?(?:$|[_-])|apikey|password/i;
/** Beginnings of credentials that say what they are, and passwords in URLs. */
const SECRET_TEXT =
  /^(?:sk-|ghp_|gho_|github_pat_|glpat-|xox[abp]-|AKIA|hvs\.|eyJ[\w-]+\.|Bearer |Basic )|:\/\/[^/\s:@]*:[^/\s@]+@/;
const SHORTEST = 6;

function isCredential(variable: string, text: string): boolean {
  if (SECRET_TEXT.test(text)) return true;
  if (!SECRET_NAME.test(variable) || text.length < SHORTEST) return false;
  // A path or an address where a key is, a number, a switch.
  return (
    !/^(?:\.{0,2}\/|https?:|[A-Za-z]:\\)/.test(text) &&
    !/^(?:[\d.]+|true|false|none|null|disabled?|enabled?)$/i.test(text)
  );
}
