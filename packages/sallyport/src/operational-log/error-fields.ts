/** What a line may say about something that was thrown. */
export interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** The lines of the stack, without the message at its head. */
  readonly stack?: string;
}

/**
 * Takes apart what was thrown. Two kinds of it may hold what a call holds, and so are told without their text: V8 quotes
 * what it cannot parse in a SyntaxError, and what is no error may be anything.
 */
export function errorFields(thrown: unknown): ErrorFields {
  if (!(thrown instanceof Error))
    return { name: 'NoError', message: 'something that is no error was thrown' };
  const { name, stack = '' } = thrown;
  const message = thrown instanceof SyntaxError ? 'a text could not be parsed' : thrown.message;
  const { code } = thrown as NodeJS.ErrnoException;
  // The head of a stack repeats the message; without finding it there, nothing tells the two apart.
  const head = stack.indexOf(thrown.message);
  const frames = head < 0 ? '' : stack.slice(head + thrown.message.length).trimStart();
  return {
    name,
    message,
    ...(typeof code === 'string' && { code }),
    ...(frames !== '' && { stack: frames }),
  };
}
