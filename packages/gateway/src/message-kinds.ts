import type { Message, RequestId } from '@sallyport/core';

export type ResponseMessage = Exclude<Message, { readonly method: string }>;
/** A request or a notification. */
export type CallMessage = Extract<Message, { readonly method: string }>;
export type RequestMessage = Extract<CallMessage, { readonly id: RequestId }>;
