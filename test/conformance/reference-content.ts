/** The smallest valid media and the fixed texts that the official scenarios ask a server for. */

/** A PNG of one red pixel. */
export const RED_PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** A WAV with no samples: 8 kHz, mono, 8 bits. */
export const SILENT_WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const SERVER_INFO = { name: 'sallyport-reference-server', version: '1.0.0' };

export interface ReferenceResource {
  readonly name: string;
  readonly uri: string;
  readonly description: string;
  readonly mimeType: string;
  readonly body: { readonly text: string } | { readonly blob: string };
}

export const RESOURCES: readonly ReferenceResource[] = [
  {
    name: 'static-text',
    uri: 'test://static-text',
    description: 'A text that never changes',
    mimeType: 'text/plain',
    body: { text: 'This is the content of the static text resource.' },
  },
  {
    name: 'static-binary',
    uri: 'test://static-binary',
    description: 'An image that never changes',
    mimeType: 'image/png',
    body: { blob: RED_PIXEL_PNG },
  },
  {
    name: 'watched-resource',
    uri: 'test://watched-resource',
    description: 'A resource to subscribe to',
    mimeType: 'text/plain',
    body: { text: 'This is the content of the watched resource.' },
  },
];

export const TEMPLATE = {
  name: 'template',
  uri: 'test://template/{id}/data',
  description: 'One document per id',
  mimeType: 'application/json',
  read: (id: string): string => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
} as const;

/** What the prompt argument `arg1` completes to. */
export function completeFirstArgument(typed: string): string[] {
  return ['testValue1', 'testValue2', 'paris'].filter((candidate) => candidate.startsWith(typed));
}
