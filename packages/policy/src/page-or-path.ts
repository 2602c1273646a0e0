/** What a runbook may be: a path, or an address that a browser opens without doing anything else. */
export function isPageOrPath(runbook: string): boolean {
  // RFC 3986, section 3.1; browsers leave out spaces and control characters before it and in it.
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(runbook.replaceAll(/[\s\p{Cc}]/gu, ''))?.[1];
  return scheme === undefined || /^https?$/i.test(scheme);
}
