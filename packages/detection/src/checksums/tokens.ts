import { base62 } from './base62.ts';
import { crc32 } from './crc32.ts';

/** GitHub and npm: the last six are CRC-32, in base 62, of what stands between the first `_` and them. */
export function isGithubToken(value: string): boolean {
  const body = value.slice(value.indexOf('_') + 1, -6);
  return value.endsWith(base62(crc32(body), 6));
}

/** Grafana service accounts: the last eight are CRC-32 of the 37 before the last `_`, as hexadecimal, lowest byte first. */
export function isGrafanaToken(value: string): boolean {
  const crc = crc32(value.slice(0, -9));
  const bytes = [0, 8, 16, 24].map((shift) => ((crc >>> shift) & 255).toString(16).padStart(2, '0'));
  return value.slice(-8).toLowerCase() === bytes.join('');
}

/** Atlassian app passwords: the last eight are CRC-32 of all before, as hexadecimal, highest byte first. */
export function isAtlassianAppPassword(value: string): boolean {
  return value.slice(-8).toLowerCase() === crc32(value.slice(0, -8)).toString(16).padStart(8, '0');
}

/** GitLab routable tokens: the last seven are CRC-32, in base 36, of all before. */
export function isGitlabRoutable(value: string): boolean {
  return value.endsWith(crc32(value.slice(0, -7)).toString(36).padStart(7, '0'));
}
