import { RED_PIXEL_PNG } from './reference-content.ts';

interface PromptMessage {
  readonly role: 'user';
  readonly content:
    | { type: 'text'; text: string }
    | { type: 'image'; data: string; mimeType: string }
    | { type: 'resource'; resource: { uri: string; mimeType: string; text: string } };
}

export interface ReferencePrompt {
  readonly name: string;
  readonly description: string;
  /** Argument names; every argument is a required string. */
  readonly args: readonly string[];
  readonly messages: (args: Readonly<Record<string, string>>) => PromptMessage[];
}

const say = (text: string): PromptMessage => ({ role: 'user', content: { type: 'text', text } });

/** The prompts that the official scenarios get; both SDK generations register them. */
export const PROMPTS: readonly ReferencePrompt[] = [
  {
    name: 'test_simple_prompt',
    description: 'One fixed message',
    args: [],
    messages: () => [say('This is a simple prompt for testing.')],
  },
  {
    name: 'test_prompt_with_arguments',
    description: 'Repeats its two arguments',
    args: ['arg1', 'arg2'],
    messages: ({ arg1, arg2 }) => [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'Embeds the resource it is given',
    args: ['resourceUri'],
    messages: ({ resourceUri = '' }) => [
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: {
            uri: resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        },
      },
      say('Please process the embedded resource above.'),
    ],
  },
  {
    name: 'test_prompt_with_image',
    description: 'Shows an image',
    args: [],
    messages: () => [
      { role: 'user', content: { type: 'image', data: RED_PIXEL_PNG, mimeType: 'image/png' } },
      say('Please analyze the image above.'),
    ],
  },
];
