/** What a terminal can show. */
export interface TerminalLook {
  /** Columns. */
  readonly width: number;
  /** Whether blocks and lines of Unicode are shown, or ASCII in their place. */
  readonly unicode: boolean;
}

const USUAL = 80;
/** Tables need so much. */
const NARROWEST = 72;
const WIDEST = 200;

/** @param env `COLUMNS` where the output is no terminal; the locale as POSIX says it: LC_ALL, LC_CTYPE, LANG; TERM */
export function terminalLook(
  output: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TerminalLook {
  const columns = output.columns ?? Number(env['COLUMNS']);
  const given = Number.isSafeInteger(columns) && columns > 0 ? columns : USUAL;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((one) => one !== undefined && one !== '');
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, given)),
    unicode: env['TERM'] !== 'dumb' && /utf-?8/i.test(locale ?? ''),
  };
}
