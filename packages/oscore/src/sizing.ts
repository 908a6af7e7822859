import { type Option, OptionNumber } from '@yaolian/coap';
import { encodedSize, type MessageSizing } from '@yaolian/coap/messaging';
import { emptyBytes } from '@yaolian/kernel';
import type { SecurityContext } from './security-context.ts';

/** Besides its fields: the head of the OSCORE option, its flags and lengths, code, payload marker, an Observe that goes twice. */
const fixedOverhead = 16;
/** What the endpoint itself adds to a message: Observe, block options, sizes, ETag, Request-Tag. */
const reserve = 64;

/**
 * What one message to a peer carries when it is protected: less, by what protection adds to it, and no more than can be
 * sealed at once.
 *
 * @param maximumUnfragmented MAX_UNFRAGMENTED_SIZE (RFC 8613 §4.1.3.4.2)
 */
export function protectedSizing(
  sizing: MessageSizing,
  { credentials, keys }: SecurityContext,
  maximumUnfragmented: number,
): MessageSizing {
  const { idContext, senderId } = credentials;
  const overhead = fixedOverhead + 7 + senderId.length + (idContext?.length ?? 0) + keys.aead.tagLength;
  // The sizes of a stream depend on the options beside the payload: one more stands for what is added.
  const added = { number: OptionNumber.RequestTag + 1, value: new Uint8Array(overhead) };
  const most = Math.min(maximumUnfragmented, keys.aead.maximumPlaintext);
  const room = (options: readonly Option[]) => Math.max(16, most - reserve - encodedSize(0, options, emptyBytes));
  return {
    blockSize: sizing.blockSize,
    bert: sizing.bert,
    readsBert: sizing.readsBert,
    maximumContent: Math.min(sizing.maximumContent - overhead, most),
    wholeLimit: (options) => Math.min(sizing.wholeLimit([...options, added]), room(options)),
    blockPayload: (options) => {
      const block = sizing.blockPayload([...options, added]);
      const fits = room(options);
      if (block <= fits) return block;
      return fits >= 1024 ? fits - (fits % 1024) : 2 ** Math.floor(Math.log2(fits));
    },
  };
}
