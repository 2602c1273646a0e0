import { visible } from '@sallyport/audit';

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text as XML can hold it, between tags and in attributes (XML 1.0, sections 2.2 and 2.4). */
export function xmlText(text: string): string {
  return visible(text)
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"']/g, (sign) => MARKUP[sign] ?? '');
}

/** A number as a coordinate: a tenth of a unit is finer than anybody sees. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
