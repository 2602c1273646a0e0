import { type Asked, HttpPlace, type Said } from '../../../audit/test/shipping/http-place.ts';

interface Text {
  readonly type?: string;
  readonly text?: string;
}

interface Block extends Text {
  readonly elements?: readonly Text[];
}

export interface SlackPayload {
  readonly text?: string;
  readonly attachments?: readonly {
    readonly color?: string;
    readonly fallback?: string;
    readonly text?: string;
    readonly blocks?: readonly (Omit<Block, 'text'> & { readonly text?: Text })[];
  }[];
  readonly [member: string]: unknown;
}

/** Every text that a reader of a message sees, with what it is. */
export function textsOf({ text = '', attachments = [] }: SlackPayload): (Text & { readonly text: string })[] {
  const shown = attachments.flatMap(({ text: legacy, blocks = [] }) => [
    ...(legacy === undefined ? [] : [{ type: 'legacy', text: legacy }]),
    ...blocks.flatMap((block) => [...(block.text ? [block.text] : []), ...(block.elements ?? [])]),
  ]);
  return [{ type: 'top', text }, ...shown].map((one) => ({ ...one, text: one.text ?? '' }));
}

/**
 * What the documentation says that Slack refuses, as its word for it; undefined for a message that it takes
 * (https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/changelog/2018-truncating-really-long-messages).
 */
export function slackRefuses(body: string): string | undefined {
  let payload: SlackPayload;
  try {
    payload = JSON.parse(body) as SlackPayload;
  } catch {
    return 'invalid_payload';
  }
  const { text, attachments = [] } = payload;
  if (text === undefined || text === '') return 'no_text';
  if (text.length > 40_000 || body.length > 200_000) return 'msg_too_long';
  if (attachments.length > 100) return 'too_many_attachments';
  for (const { blocks = [] } of attachments) {
    if (blocks.length > 50) return 'invalid_blocks';
    for (const block of blocks) {
      const parts = block.type === 'context' ? (block.elements ?? []) : [block.text ?? {}];
      if (block.type !== 'section' && block.type !== 'context') return 'invalid_blocks';
      if (parts.length === 0 || parts.length > 10) return 'invalid_blocks';
      for (const part of parts) {
        if (part.type !== 'plain_text' && part.type !== 'mrkdwn') return 'invalid_blocks';
        if ((part.text ?? '') === '' || (part.text ?? '').length > 3000) return 'invalid_blocks';
      }
    }
  }
  return undefined;
}

/** A fixture that answers as an incoming webhook of Slack does. */
export function startSlack(answer: (asked: Asked) => Said | undefined = () => undefined): Promise<HttpPlace> {
  return HttpPlace.start((asked, place) => {
    const planned = answer(asked);
    if (planned !== undefined) return planned;
    const refused = slackRefuses(asked.body);
    if (refused !== undefined) return { status: 400, body: Buffer.from(refused) };
    // Tests put the id of a notice into the first record's name of its target.
    const found = /target-of-([\w-]+)/.exec(asked.body)?.[1] ?? asked.body;
    place.stored.push({ id: found, sequence: 0, line: asked.body });
    return { status: 200, body: Buffer.from('ok') };
  });
}
