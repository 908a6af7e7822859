import { OptionNumber } from '@yaolian/coap';
import type { MessageSizing } from '@yaolian/coap/messaging';
import type { SecurityContext } from './security-context.ts';

/** Besides its fields: the head of the OSCORE option, its flags and lengths, code, payload marker, an Observe that goes twice. */
const fixedOverhead = 16;

/** What one message to a peer carries when it is protected: less, by what protection adds to it. */
export function protectedSizing(sizing: MessageSizing, { credentials, keys }: SecurityContext): MessageSizing {
  const { idContext, senderId } = credentials;
  const overhead = fixedOverhead + 5 + senderId.length + (idContext?.length ?? 0) + keys.aead.tagLength;
  // The sizes of a stream depend on the options beside the payload: one more stands for what is added.
  const added = { number: OptionNumber.RequestTag + 1, value: new Uint8Array(overhead) };
  return {
    blockSize: sizing.blockSize,
    bert: sizing.bert,
    readsBert: sizing.readsBert,
    maximumContent: sizing.maximumContent - overhead,
    wholeLimit: (options) => sizing.wholeLimit([...options, added]),
    blockPayload: (options) => sizing.blockPayload([...options, added]),
  };
}
